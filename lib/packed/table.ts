import { intsReader, listsReader, packInts, packLists, type ListsInput } from './ints.ts'

/** Rows per element: about 10 KB of digits, some KB of lists, and few long texts. */
const CHUNK_ROWS = { int: 2048, ids: 256, text: 8 } as const

export interface PackedColumn {
  name: string
  kind: keyof typeof CHUNK_ROWS
  chunkRows: number
  /** Index of the column's first chunk among the elements. */
  first: number
}

export interface PackedMeta {
  /** Format and its version. */
  packed: 'k6-inference/1'
  rows: number
  columns: readonly PackedColumn[]
  /** Total length of all elements but the first, for `isWholeTable`. */
  chars: number
  /** Plain JSON that the writer adds. */
  notes: Record<string, unknown>
}

export type ColumnInput =
  | { name: string; kind: 'int'; values: ArrayLike<number> }
  | ({ name: string; kind: 'ids' } & ListsInput)
  | { name: string; kind: 'text'; values: ArrayLike<string> }

/**
 * A table as strings without line breaks: the first is its description (JSON), each other one a chunk
 * of one column. They are the elements of a SharedArray and the lines of a packed file.
 */
export function packTable(
  rows: number,
  columns: readonly ColumnInput[],
  notes: Record<string, unknown> = {},
): string[] {
  const elements: string[] = ['']
  const described: PackedColumn[] = []
  for (const column of columns) {
    const chunkRows = CHUNK_ROWS[column.kind]
    described.push({ name: column.name, kind: column.kind, chunkRows, first: elements.length })
    for (let from = 0; from < rows; from += chunkRows) {
      elements.push(packChunk(column, from, Math.min(rows, from + chunkRows)))
    }
  }
  const meta: PackedMeta = {
    packed: 'k6-inference/1',
    rows,
    columns: described,
    chars: charsOf(elements),
    notes,
  }
  elements[0] = JSON.stringify(meta)
  return elements
}

/**
 * Whether the lines of a packed file are complete to the last character. A reader checks only their
 * number, because it may read a SharedArray, where looking at every element would parse them all.
 */
export function isWholeTable(elements: readonly string[]): boolean {
  return charsOf(elements) === readMeta(elements).chars
}

function charsOf(elements: readonly string[]): number {
  let sum = 0
  for (let i = 1; i < elements.length; i++) sum += (elements[i] as string).length
  return sum
}

/** Whether a text (the beginning of a file is enough) is a packed table. */
export function isPackedTable(text: string): boolean {
  return text.startsWith('{"packed":"k6-inference/')
}

function packChunk(column: ColumnInput, from: number, to: number): string {
  if (column.kind === 'int') return packInts(column.values, from, to)
  if (column.kind === 'ids') return packLists(column, from, to)
  const texts: string[] = []
  for (let i = from; i < to; i++) texts.push(column.values[i] as string)
  return JSON.stringify(texts)
}

export interface TableReader {
  meta: PackedMeta
  rows: number
  /** Reads the number in a row; undefined where the table lacks the column. */
  ints(column: string): ((row: number) => number) | undefined
  ids(column: string): ((row: number) => number[]) | undefined
  texts(column: string): ((row: number) => string) | undefined
}

/**
 * Reads a packed table. It holds only the chunk last used of each column, so a VU needs the memory of a
 * few chunks whatever the size of the table.
 * @param elements the strings of `packTable`: an array, or a SharedArray of them
 * @throws Error when the first element does not describe a table of this version, or a row is outside the table
 */
export function tableReader(elements: ArrayLike<string>): TableReader {
  const meta = readMeta(elements)
  const column = <T>(
    kind: PackedColumn['kind'],
    name: string,
    open: (element: string) => (index: number) => T,
  ): ((row: number) => T) | undefined => {
    const found = meta.columns.find((one) => one.name === name && one.kind === kind)
    if (found === undefined) return undefined
    let held = -1
    let read: (index: number) => T
    return (row) => {
      if (!(row >= 0 && row < meta.rows)) {
        throw new RangeError(`row ${row} of ${name}: the table has rows 0 to ${meta.rows - 1}`)
      }
      const chunk = Math.floor(row / found.chunkRows)
      if (chunk !== held) {
        read = open(elements[found.first + chunk] as string)
        held = chunk
      }
      return read(row - chunk * found.chunkRows)
    }
  }
  return {
    meta,
    rows: meta.rows,
    ints: (name) => column('int', name, (element) => intsReader(element)),
    ids: (name) => column('ids', name, listsReader),
    texts: (name) =>
      column('text', name, (element) => {
        const texts = JSON.parse(element) as string[]
        return (index) => texts[index] as string
      }),
  }
}

function readMeta(elements: ArrayLike<string>): PackedMeta {
  const first = elements[0]
  if (typeof first !== 'string' || !isPackedTable(first)) throw new Error('not a packed table')
  let meta: PackedMeta
  try {
    meta = JSON.parse(first) as PackedMeta
  } catch {
    throw new Error('packed table cut short: its first line is no whole JSON object')
  }
  if (meta.packed !== 'k6-inference/1') {
    throw new Error(`packed table of another version: ${String(meta.packed)}; convert it anew`)
  }
  for (const column of meta.columns) {
    const needed = column.first + Math.ceil(meta.rows / column.chunkRows)
    if (elements.length < needed) {
      throw new Error(
        `packed table cut short: ${elements.length} elements, column ${column.name} needs ${needed}`,
      )
    }
  }
  return meta
}
