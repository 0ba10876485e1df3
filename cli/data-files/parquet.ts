import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import {
  type AsyncBuffer,
  parquetMetadataAsync,
  parquetReadObjects,
  type ParquetParsers,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

/** Lines handed on at a time. */
const BATCH = 1000

/** Times as texts: a Date ends at milliseconds. */
const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (ms: bigint) => dateText(ms, 1000n),
  timestampFromMicroseconds: (us: bigint) => dateText(us, 1_000_000n),
  timestampFromNanoseconds: (ns: bigint) => dateText(ns, 1_000_000_000n),
}

/**
 * Rows of a Parquet file as JSON lines, whatever it is compressed with; held is one row group. Whole
 * numbers beyond 2^53 become texts, which keep every digit. Times without a zone are taken as UTC.
 * @throws Error for a file that is cut or is none
 */
export async function* parquetLines(path: string): AsyncGenerator<string> {
  const file = fileBuffer(path)
  // Of a broken file, the library leaves columns behind that it no longer waits for.
  const ignore = () => {}
  process.on('unhandledRejection', ignore)
  try {
    yield* linesOf(file)
  } finally {
    file.close()
    setImmediate(() => process.off('unhandledRejection', ignore))
  }
}

async function* linesOf(file: AsyncBuffer): AsyncGenerator<string> {
  const metadata = await parquetMetadataAsync(file, { parsers })
  let rowStart = 0
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows)
    const rows = await parquetReadObjects({
      file,
      metadata,
      rowStart,
      rowEnd,
      compressors,
      parsers,
    })
    for (let from = 0; from < rows.length; from += BATCH) {
      const lines = rows.slice(from, from + BATCH).map((row) => JSON.stringify(row, plain))
      yield `${lines.join('\n')}\n`
    }
    rowStart = rowEnd
  }
}

/** What JSON has no form for: 64-bit numbers, and lists of numbers that are no arrays. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as ArrayLike<unknown>)
  return value
}

/** @param perSecond units in a second, a power of ten */
function dateText(time: bigint, perSecond: bigint): string {
  const rest = ((time % perSecond) + perSecond) % perSecond
  const seconds = new Date(Number((time - rest) / perSecond) * 1000).toISOString().slice(0, 19)
  return `${seconds}.${String(rest).padStart(String(perSecond).length - 1, '0')}Z`
}

/** Reads at once, so that whatever fails has failed before `parquetLines` ends. */
function fileBuffer(path: string): AsyncBuffer & { close(): void } {
  const file = openSync(path, 'r')
  const byteLength = fstatSync(file).size
  return {
    byteLength,
    slice(start, end = byteLength) {
      // A broken file may ask for more than there is.
      const bytes = new Uint8Array(Math.max(0, Math.min(end, byteLength) - start))
      readSync(file, bytes, 0, bytes.length, start)
      return bytes.buffer
    },
    close: () => closeSync(file),
  }
}
