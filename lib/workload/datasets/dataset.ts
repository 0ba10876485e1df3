import { rowObjects } from '../../traces/index.ts'
import { type DatasetRow, NAMES, readRow } from './dataset-row.ts'
import { short } from './messages.ts'

/** Rows that were read, and every line that could not be; `lines` are numbers in the file, from 1. */
export interface DatasetResult {
  rows: DatasetRow[]
  problems: string[]
}

/** Most problems that are listed; the rest is counted. */
const LISTED = 20
/** Different values that the application may have, since it becomes a tag. */
const MOST_APPS = 32

/**
 * Reads a data set. Every line that is wrong is named, with what is wrong and what is accepted.
 *
 * CSV with a header (commas, semicolons or tabs; fields quoted by RFC 4180), an object a line, an
 * array of objects: told by the content. Fields: `prompt` or `messages` (OpenAI's form; in CSV as
 * JSON), optional `system`, `max_tokens`, `expected`, `app`, `id`, and those of known sets
 * (`NAMES`).
 *
 * @param text the file's text
 * @param name its name, for messages
 */
export function parseDataset(text: string, name: string): DatasetResult {
  const parser = datasetParser(name)
  parser.feed(text)
  return parser.end()
}

/** The same for text that comes in pieces of any length. */
export function datasetParser(name: string): {
  feed(piece: string): void
  end(): DatasetResult
} {
  const collected = collector(name)
  let headerIsGood = true
  const rows = rowObjects({
    onHeader(names, line) {
      const needed = [...NAMES.prompt, ...NAMES.messages, ...NAMES.turns]
      headerIsGood = names.some((one) => (needed as readonly string[]).includes(one))
      if (headerIsGood) return
      const has = names.map(short).join(', ')
      collected.problem(line, `the header must have a column ${needed.join(' or ')}, it has ${has}`)
    },
    onRow(fields, line) {
      if (!headerIsGood) return
      // An empty cell of CSV is no value.
      for (const key of Object.keys(fields)) if (fields[key] === '') delete fields[key]
      collected.add(fields, line)
    },
    onProblem(_, line, message) {
      if (headerIsGood) collected.problem(line, message)
    },
  })
  return {
    feed: rows.feed,
    end() {
      rows.end()
      return collected.result()
    },
  }
}

interface Collector {
  add(fields: Record<string, unknown>, line: number): void
  problem(line: number, message: string): void
  result(): DatasetResult
}

function collector(name: string): Collector {
  const rows: DatasetRow[] = []
  const problems: string[] = []
  const apps = new Set<string>()
  let more = 0
  const problem = (line: number, message: string) => {
    if (problems.length < LISTED) problems.push(`${name} line ${line}: ${message}`)
    else more++
  }
  return {
    problem,
    add(fields, line) {
      const read = readRow(fields, rows.length)
      if ('problem' in read) return problem(line, read.problem)
      if (read.app !== undefined) apps.add(read.app)
      if (apps.size > MOST_APPS)
        return problem(line, `app "${read.app}": more than ${MOST_APPS} different applications`)
      rows.push(read)
    },
    result() {
      if (more > 0) problems.push(`${name}: ${more} more lines with problems`)
      if (rows.length === 0 && problems.length === 0) problems.push(`${name}: no rows`)
      return { rows, problems }
    },
  }
}
