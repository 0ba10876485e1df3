import { csvRecords } from './csv.ts'
import { foreignKind } from './foreign.ts'
import { beginsArray, beginsJsonValues, jsonValues } from './json-values.ts'
import { lineSplitter, MAX_LINE_CHARS } from './lines.ts'
import { shown } from './problems.ts'
import type { ProblemType } from './types.ts'

/** How the rows of a CSV file are to be read. */
export interface CsvRows {
  delimiter: string
  /** Fields that a row may have. */
  columns: number
  /** @param cells fields of a row that is not blank */
  onRow(cells: readonly string[], line: number): void
}

export interface FileHandlers {
  /** A CSV file, by its header; undefined for one that is refused. */
  onHeader(header: string, line: number): CsvRows | undefined
  /** Text of a JSON object, not parsed, and the number of its first line. */
  onObject(text: string, line: number): void
  /** A row that cannot be read. */
  onBadRow(type: ProblemType, line: number, message: string): void
  /** A file that cannot be read, from here on or at all: there are no more rows. */
  onRefused(type: ProblemType, line: number, message: string): void
}

/** What a container runtime puts before each line of a log (CRI), or compose's `name | `. */
const LINE_PREFIX = /^(?:\d{4}-\d\d-\d\dT\S+ std(?:out|err) [FP] |[\w.-]+ +\| )(?=\{)/

/**
 * The rows of a file whatever its form: CSV with a header, a JSON object a line, an array of objects, or
 * objects over several lines; told by the first line. Blank lines, and CSV rows of delimiters only (what
 * a spreadsheet leaves below its rows), are passed over. Held is one row.
 */
export function fileRows({ onHeader, onObject, onBadRow, onRefused }: FileHandlers) {
  let stopped = false
  let begun = false
  /** Number of the line that the first character is on. */
  let firstLine = 1
  let blankRows = 0
  let array: ReturnType<typeof jsonValues> | undefined
  let take: ((line: string, number: number) => void) | undefined
  let finish = () => {}
  /** Whether a blank line belongs to a quoted field. */
  let inQuotes = () => false

  const refuse = (type: ProblemType, line: number, message: string) => {
    stopped = true
    onRefused(type, line, message)
  }
  const object = (text: string, line: number) => {
    if (!stopped) onObject(text, line)
  }
  const badValue = (line: number, what: string) => {
    // The rest of a file that was refused may or may not be in the same piece.
    if (!stopped) refuse('bad_json', line, what)
  }

  const startCsv = (header: string, number: number) => {
    const csv = onHeader(header, number)
    if (csv === undefined) {
      stopped = true
      return
    }
    const { delimiter, columns, onRow } = csv
    const records = csvRecords(
      delimiter,
      (cells, line) => {
        if (stopped) return
        if (cells[0] === '' && isEmpty(cells)) {
          blankRows++
        } else if (cells.length > columns && !isEmpty(cells.slice(columns))) {
          const what = `${cells.length} fields where the header has ${columns}`
          onBadRow('missing_field', line, `${what}; a field with ${shown(delimiter)} needs quotes`)
        } else {
          onRow(cells, line)
        }
      },
      (line) =>
        onBadRow('bad_quotes', line, 'quotes do not match; a quote in a field is written ""'),
    )
    take = records.line
    finish = records.end
    inQuotes = records.isOpen
  }
  const start = (line: string, number: number) => {
    const foreign = foreignKind(line)
    if (foreign !== undefined) return refuse('unknown_format', number, `this is ${foreign}`)
    if (beginsJsonValues(line)) {
      const values = jsonValues(object, badValue, number)
      take = (text) => values.feed(`${text}\n`)
      finish = values.end
    } else if (LINE_PREFIX.test(line)) {
      take = (text, at) => object(text.replace(LINE_PREFIX, ''), at)
    } else if (line.trimStart().startsWith('{')) {
      take = object
    } else {
      return startCsv(line, number)
    }
    take(line, number)
  }
  const lines = lineSplitter(
    (line, number) => {
      if (stopped) return
      if (!(line.charCodeAt(0) > 32) && line.trim() === '' && !inQuotes()) return
      if (take === undefined) start(line, number)
      else take(line, number)
    },
    (line) => onBadRow('too_long', line, `line of more than ${MAX_LINE_CHARS} characters`),
  )

  return {
    /** The next piece of the file, of any length. */
    feed(piece: string) {
      if (!begun && beginsArray(piece)) array = jsonValues(object, badValue, firstLine)
      begun ||= /\S/.test(piece.slice(0, 1000))
      if (!begun) firstLine += piece.split('\n').length - 1
      if (stopped) return
      if (array === undefined) lines.feed(piece)
      else array.feed(piece)
    },
    end() {
      if (array === undefined) lines.end()
      else if (!stopped) array.end()
      if (!stopped) finish()
    },
    /** Hands on no more rows. */
    stop() {
      stopped = true
    },
    /** Lines seen so far. */
    lines: () => (array ?? lines).count(),
    /** CSV rows of delimiters only that were passed over. */
    blankRows: () => blankRows,
  }
}

function isEmpty(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '')
}
