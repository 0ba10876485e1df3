import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { arrivalTimes, type RatePiece } from '../../lib/load/index.ts'
import { randomSource } from '../../lib/random/index.ts'

/**
 * Makes the traces in data/traces from statistics of published ones: `npx tsx
 * cli/trace/synthetic.ts`. Rows are drawn, none is copied; data/traces/README.md says from what.
 */

/** Percentiles of a distribution of lengths: [share, tokens], shares rising from 0 to 1. */
type Quantiles = readonly (readonly [share: number, tokens: number])[]

/** Azure LLM inference trace 2023, conversation (CC-BY-4.0): 19,366 requests in 58 minutes. */
export const AZURE_2023 = {
  input: [
    [0, 10],
    [0.5, 1020],
    [0.9, 2735],
    [0.95, 4083],
    [0.99, 4142],
    [1, 14050],
  ] as Quantiles,
  output: [
    [0, 1],
    [0.5, 129],
    [0.9, 424],
    [0.95, 451],
    [0.99, 601],
    [1, 1000],
  ] as Quantiles,
  /** Coefficient of variation of the gaps at the rate of the minute. */
  gapCv: 1.03,
}

/** Mooncake, conversation, FAST'25 (Apache-2.0): its first 4,000 requests. */
export const MOONCAKE_CONVERSATION = {
  input: [
    [0, 891],
    [0.5, 7874],
    [0.9, 28981],
    [0.95, 43040],
    [0.99, 94411],
    [1, 123192],
  ] as Quantiles,
  output: [
    [0, 1],
    [0.5, 358],
    [0.9, 605],
    [0.95, 698],
    [0.99, 1157],
    [1, 2000],
  ] as Quantiles,
  tickMs: 3000,
  blockTokens: 512,
}

/** A length whose logarithm is linear between the percentiles. */
function drawLength(quantiles: Quantiles, source: () => number): number {
  const share = source()
  const above = Math.max(
    1,
    quantiles.findIndex(([at]) => at >= share),
  )
  const [lowShare, low] = quantiles[above - 1] as readonly [number, number]
  const [highShare, high] = quantiles[above] as readonly [number, number]
  return Math.round(low * (high / low) ** ((share - lowShare) / (highShare - lowShare)))
}

/** Five minutes of chat with a rush in the middle: off-peak, peak and recovery of 4, 8 and 5/s. */
export function chatTrace(seed = 1): string {
  const pieces: RatePiece[] = [
    { startMs: 0, endMs: 120_000, from: 4, to: 4 },
    { startMs: 120_000, endMs: 150_000, from: 4, to: 8 },
    { startMs: 150_000, endMs: 210_000, from: 8, to: 8 },
    { startMs: 210_000, endMs: 240_000, from: 8, to: 5 },
    { startMs: 240_000, endMs: 300_000, from: 5, to: 5 },
  ]
  const times = arrivalTimes(pieces, { kind: 'gamma', shape: 1 / AZURE_2023.gapCv ** 2 }, seed)
  const source = randomSource(seed, 'synthetic chat')
  const lines = ['timestamp_ms,input_tokens,output_tokens,app']
  for (const time of times) {
    const input = drawLength(AZURE_2023.input, source)
    lines.push(`${time.toFixed(1)},${input},${drawLength(AZURE_2023.output, source)},chat`)
  }
  return `${lines.join('\n')}\n`
}

/**
 * Five minutes of long conversations in Mooncake's format and ticks: one block in front of all
 * prompts, and a third of the requests are the next turn of an earlier conversation, whose whole
 * blocks they repeat.
 */
export function prefixTrace(seed = 1): string {
  const { input, output, tickMs, blockTokens } = MOONCAKE_CONVERSATION
  const times = arrivalTimes(
    [{ startMs: 0, endMs: 300_000, from: 1, to: 1 }],
    { kind: 'poisson' },
    seed,
  )
  const source = randomSource(seed, 'synthetic prefixes')
  const conversations: number[][] = []
  let next = 1
  const rows = Array.from(times, (time) => {
    const length = drawLength(input, source)
    const turn = conversations.length > 0 && source() < 1 / 3
    const chosen = turn ? Math.floor(source() * conversations.length) : conversations.length
    const known = conversations[chosen] ?? [0]
    // The last block of a turn was not full: the next turn's text makes another of it.
    const kept = known.slice(0, known.length - (turn ? 1 : 0))
    const tokens = turn ? kept.length * blockTokens + Math.ceil(length / 8) : length
    const blocks = Math.ceil(tokens / blockTokens)
    const ids = kept.slice(0, blocks)
    while (ids.length < blocks) ids.push(next++)
    conversations[chosen] = ids
    return JSON.stringify({
      timestamp: Math.floor(time / tickMs) * tickMs,
      input_length: tokens,
      output_length: drawLength(output, source),
      hash_ids: ids,
    })
  })
  return `${rows.join('\n')}\n`
}

export const SYNTHETIC_TRACES: Record<string, () => string> = {
  'chat-5min.csv': chatTrace,
  'prefix-5min.jsonl': prefixTrace,
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = join(import.meta.dirname, '../../data/traces')
  mkdirSync(folder, { recursive: true })
  for (const [name, make] of Object.entries(SYNTHETIC_TRACES)) {
    writeFileSync(join(folder, name), make())
  }
}
