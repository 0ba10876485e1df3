import { Gunzip } from 'fflate'

/** A file that unpacks to more than this is a mistake or an attack: k6 would hold it as text. */
const MOST_BYTES = 1024 ** 3
/** Small enough that a bomb is noticed before it has filled the memory. */
const STEP = 64 * 1024

/**
 * Unpacks a gzip file, of several members too, where there is no zlib (k6).
 * @throws Error for a file that is none, that is cut short, or that holds more than 1 GiB
 */
export function gunzip(packed: Uint8Array): Uint8Array {
  if (packed[0] !== 0x1f || packed[1] !== 0x8b)
    throw new Error('not a gzip file, in spite of its name')
  const parts: Uint8Array[] = []
  let size = 0
  const stream = new Gunzip((part) => {
    size += part.length
    if (size > MOST_BYTES) throw new Error('unpacks to more than 1 GiB: cut it first')
    if (part.length > 0) parts.push(part)
  })
  for (let at = 0; at < packed.length; at += STEP) {
    stream.push(packed.subarray(at, at + STEP), at + STEP >= packed.length)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
