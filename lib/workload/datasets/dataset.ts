import Papa from 'papaparse'

import { type DatasetRow, isObject, NAMES, readRow, short } from './dataset-row.ts'

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
 * JSONL: an object a line. CSV: a header line, fields quoted by RFC 4180. Fields: `prompt` or
 * `messages` (OpenAI's form; in CSV as JSON), optional `system`, `max_tokens`, `expected`, `app`, `id`.
 *
 * @param text the file's text
 * @param name its name: `.csv` is CSV, `.tsv` CSV with tabs, all else JSONL
 */
export function parseDataset(text: string, name: string): DatasetResult {
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  const collected = collector(name)
  if (/\.[ct]sv$/i.test(name)) readCsv(clean, name, collected)
  else readJsonLines(clean, collected)
  return collected.result()
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

function readJsonLines(text: string, to: Collector): void {
  let line = 0
  // Cut line by line: `split` would hold a large file twice.
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from)
    const one = text.slice(from, end < 0 ? text.length : end).trim()
    from = end < 0 ? text.length : end + 1
    line++
    if (one === '') continue
    let value: unknown
    try {
      value = JSON.parse(one)
    } catch {
      to.problem(line, `not JSON: ${short(one)}`)
      continue
    }
    if (isObject(value)) to.add(value, line)
    else to.problem(line, `a JSON object is needed, this is ${short(one)}`)
  }
}

function readCsv(text: string, name: string, to: Collector): void {
  let line = 1
  let header: string[] | undefined
  let cursor = 0
  Papa.parse<string[]>(text, {
    delimiter: /\.tsv$/i.test(name) ? '\t' : ',',
    skipEmptyLines: false,
    step: ({ data, errors, meta }, parser) => {
      const at = line
      // A quoted field may hold line breaks: lines are counted in the text that the row took.
      line += breaks(text, cursor, meta.cursor)
      cursor = meta.cursor
      if (data.length === 1 && data[0]?.trim() === '') return
      const quotes = errors.find((e) => e.type === 'Quotes')
      if (quotes) return to.problem(at, `${quotes.message.toLowerCase()}: ${short(data.join(','))}`)
      if (!header) {
        header = data.map((h) => h.trim())
        const known: readonly string[] = [...NAMES.prompt, ...NAMES.messages]
        if (!header.some((h) => known.includes(h))) {
          to.problem(
            at,
            `the header must have a column ${known.join(' or ')}, it has ${header.map((h) => `"${short(h)}"`).join(', ')}`,
          )
          parser.abort()
        }
        return
      }
      if (data.length !== header.length)
        return to.problem(at, `${data.length} fields, the header has ${header.length}`)
      const fields: Record<string, unknown> = {}
      for (const [i, key] of header.entries()) if (data[i] !== '') fields[key] = data[i]
      to.add(fields, at)
    },
  })
}

function breaks(text: string, from: number, to: number): number {
  let count = 0
  for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) count++
  return count
}
