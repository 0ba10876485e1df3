import { csvFields } from './csv.ts'
import { fileRows } from './file-rows.ts'
import { parseObject } from './json-rows.ts'
import { shown } from './problems.ts'
import type { ProblemType } from './types.ts'

export interface RowHandlers {
  /** A row by the names of its fields; those of CSV are texts. */
  onRow(fields: Record<string, unknown>, line: number): void
  /** A row that cannot be read; after a type of `unknown_format` there are no more. */
  onProblem(type: ProblemType, line: number, message: string): void
  /** Names in the header of a CSV file, and what parts its fields. */
  onHeader?(names: readonly string[], line: number, delimiter: string): void
}

/**
 * Rows of a file whose columns are not known beforehand, in any form that `fileRows` reads; CSV with
 * commas, semicolons or tabs.
 */
export function rowObjects({ onRow, onProblem, onHeader }: RowHandlers) {
  return fileRows({
    onHeader(header, line) {
      const delimiter = delimiterOf(header)
      const names = csvFields(header, delimiter).map((name) => name.trim())
      onHeader?.(names, line, delimiter)
      return {
        delimiter,
        columns: names.length,
        onRow(cells, at) {
          if (cells.length < names.length) {
            const what = `${cells.length} fields where the header has ${names.length}`
            return onProblem('missing_field', at, `${what}; ${shown(delimiter)} parts them`)
          }
          const row = Object.create(null) as Record<string, unknown>
          names.forEach((name, i) => (row[name] = cells[i]))
          onRow(row, at)
        },
      }
    },
    onObject(text, line) {
      const row = parseObject(text)
      // The line itself may be a prompt and is not shown.
      if (row === undefined) onProblem('bad_json', line, 'not a JSON object on one line')
      else onRow(row, line)
    },
    onBadRow: onProblem,
    onRefused: onProblem,
  })
}

/** The one of comma, semicolon and tab that parts the most names of a header. */
function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => bare.split(delimiter).length
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best))
}
