import { HttpError } from './errors.ts'
import { show } from './head.ts'

export const maxChunkLine = 4096
// 13 hex digits stay below 2^53. White space before an extension is BWS (RFC 9112, 7.1.1).
const chunkLine = /^([0-9a-fA-F]{1,13})[ \t]*(?:;.*)?$/

/**
 * A server's chunks have few distinct sizes, and a look-up is 5 times cheaper than parsing them. The keys
 * are what stands between two chunks: the CRLF of the one and the size line of the next.
 */
export let sizes: Record<string, number> = Object.create(null)
let sizesKept = 0
const sizesLimit = 512

/**
 * Size of a chunk, bytes, kept in `sizes` from then on.
 *
 * @param line the size line without its line end (RFC 9112, 7.1)
 * @throws HttpError `chunk` for any other line
 */
export function chunkSize(line: string): number {
  const key = `\r\n${line}\r\n`
  const known = sizes[key]
  if (known !== undefined) return known
  const match = chunkLine.exec(line)
  if (match === null) throw new HttpError('chunk', `malformed chunk size: ${show(line)}`)
  const size = parseInt(match[1]!, 16)
  // The last chunk's size is never looked up, because trailers follow it.
  if (size === 0) return size
  if (sizesKept++ >= sizesLimit) {
    sizes = Object.create(null)
    sizesKept = 1
  }
  return (sizes[key] = size)
}
