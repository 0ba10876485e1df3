import { readdirSync, readFileSync } from 'node:fs'
import type { Step } from './fake-transport.ts'

/** A stream as a server sent it: see test/fixtures/streams. */
export interface StreamCase {
  case: string
  /** The behaviour. */
  what: string
  /** What a client must say of it. */
  truth: string
  /** What became of the connection. */
  ends: string
  /** `[ms since the request, bytes as latin1]` */
  reads: [number, string][]
}

const folder = new URL('../fixtures/streams/', import.meta.url)

export const streamCases: readonly StreamCase[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as StreamCase)

/** Ways to hand over the same bytes, each with the time of its read: nothing may depend on it. */
export const ways = ['as they were read', 'whole', 'byte by byte'] as const

export function stepsOf(reads: StreamCase['reads'], way: (typeof ways)[number]): Step[] {
  if (way === 'whole') return reads.length === 0 ? [] : [wholeOf(reads)]
  let before = 0
  return reads.flatMap(([atMs, bytes]) => {
    const [first = '', ...rest] = way === 'byte by byte' ? bytes.split('') : [bytes]
    const afterMs = atMs - before
    before = atMs
    return [{ afterMs, data: first }, ...rest.map((data) => ({ afterMs: 0, data }))]
  })
}

/** As the own socket module hands reads over that it gathered. */
function wholeOf(reads: StreamCase['reads']): Step {
  const lastMs = reads.at(-1)![0]
  let offset = 0
  const readOffsets = reads.map(([atMs, bytes]): [number, number] => {
    const from = offset
    offset += bytes.length
    return [from, lastMs - atMs]
  })
  return { afterMs: lastMs, data: reads.map(([, bytes]) => bytes).join(''), readOffsets }
}
