import { csvRecords } from './csv.ts'
import { foreignKind } from './foreign.ts'
import { parseObject } from './json-rows.ts'
import { beginsArray, beginsJsonValues, jsonValues } from './json-values.ts'
import { lineSplitter, MAX_LINE_CHARS } from './lines.ts'
import { shown } from './problems.ts'
import type { ProblemType } from './types.ts'

export interface RowHandlers {
  /** A row by the names of its fields; those of CSV are texts. */
  onRow(fields: Record<string, unknown>, line: number): void
  /** A row that cannot be read; after a type of `unknown_format` there are no more. */
  onProblem(type: ProblemType, line: number, message: string): void
  /** Names in the header of a CSV file. */
  onHeader?(names: readonly string[], line: number): void
}

/** The line itself may be a prompt and is not shown. */
const NOT_JSON = 'not a JSON object on one line'

/** What a container runtime puts before each line of a log (CRI), or compose's `name | `. */
const LINE_PREFIX = /^(?:\d{4}-\d\d-\d\dT\S+ std(?:out|err) [FP] |[\w.-]+ +\| )(?=\{)/

/**
 * Rows of a file whose columns are not known beforehand: CSV with a header (commas, semicolons or
 * tabs), an object a line, an array of objects, or objects over several lines; told by the first
 * line. Rows of delimiters only are passed over. Held is one row.
 */
export function rowObjects({ onRow, onProblem, onHeader }: RowHandlers) {
  let stopped = false
  let take: ((line: string, number: number) => void) | undefined
  let finish = () => {}
  let inQuotes = () => false

  const object = (text: string, line: number) => {
    const row = parseObject(text)
    if (row === undefined) onProblem('bad_json', line, NOT_JSON)
    else onRow(row, line)
  }
  const stop = (type: ProblemType, line: number, message: string) => {
    stopped = true
    onProblem(type, line, message)
  }
  const badValue = (line: number, what: string) => stop('bad_json', line, what)
  let array: ReturnType<typeof jsonValues> | undefined
  let begun = false
  const startCsv = (headerLine: string) => {
    const delimiter = delimiterOf(headerLine)
    let header: string[] | undefined
    const records = csvRecords(
      delimiter,
      (cells, line) => {
        if (header === undefined) {
          header = cells.map((cell) => cell.trim())
          onHeader?.(header, line)
          return
        }
        const names = header
        if (cells.every((cell) => cell.trim() === '')) return
        if (cells.length < names.length || cells.slice(names.length).some((cell) => cell !== '')) {
          const what = `${cells.length} fields, the header has ${names.length}`
          return onProblem(
            'missing_field',
            line,
            `${what}; ${shown(delimiter)} in a field needs quotes`,
          )
        }
        const row = Object.create(null) as Record<string, unknown>
        names.forEach((name, i) => (row[name] = cells[i]))
        onRow(row, line)
      },
      (line) =>
        onProblem('bad_quotes', line, 'quotes do not match; a quote in a field is written ""'),
    )
    take = records.line
    finish = records.end
    inQuotes = records.isOpen
  }
  const start = (line: string, number: number) => {
    const foreign = foreignKind(line)
    if (foreign !== undefined) return stop('unknown_format', number, `this is ${foreign}`)
    if (beginsJsonValues(line)) {
      const values = jsonValues(object, badValue, number)
      take = (text) => values.feed(`${text}\n`)
      finish = values.end
    } else if (line.trimStart().startsWith('{') || LINE_PREFIX.test(line)) {
      take = (text, at) => object(text.replace(LINE_PREFIX, ''), at)
    } else startCsv(line)
    take?.(line, number)
  }
  const lines = lineSplitter(
    (line, number) => {
      if (stopped || (line.trim() === '' && !inQuotes())) return
      if (take === undefined) start(line, number)
      else take(line, number)
    },
    (line) => onProblem('too_long', line, `line of more than ${MAX_LINE_CHARS} characters`),
  )
  return {
    feed(piece: string) {
      if (!begun && beginsArray(piece)) array = jsonValues(object, badValue)
      begun ||= /\S/.test(piece.slice(0, 1000))
      if (array === undefined) lines.feed(piece)
      else if (!stopped) array.feed(piece)
    },
    end() {
      if (array !== undefined) array.end()
      else lines.end()
      if (!stopped) finish()
    },
  }
}

/** The one of comma, semicolon and tab that parts the most names of a header. */
function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => bare.split(delimiter).length
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best))
}
