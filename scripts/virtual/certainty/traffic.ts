import { readFileSync } from 'node:fs'
import { randomExponential, randomGamma, randomLogNormal } from 'd3-random'
import { randomSource } from '../../../lib/random/index.ts'

/** How requests arrive: at random, in bursts, or as a trace has them. */
export const ARRIVALS = ['poisson', 'bursts', 'trace'] as const
export type Arrivals = (typeof ARRIVALS)[number]

/** The next request: ms after the one before, and its lengths in tokens. */
export interface NextRequest {
  gapMs: number
  promptTokens: number
  outputTokens: number
}

/** Shape of gamma gaps; their coefficient of variation is 2. */
const BURSTINESS = 0.25
/** Lengths of answers: short ones, so that a run takes milliseconds. */
const INPUT = { median: 200, sigma: 0.6 }
const OUTPUT = { median: 30, sigma: 0.6 }

/** Endless traffic of a kind, at a mean of so many requests/s. */
export function traffic(kind: Arrivals, ratePerS: number, seed: number): () => NextRequest {
  if (kind === 'trace') return traceTraffic(ratePerS, seed)
  const gaps = randomSource(seed, 'gaps')
  const gap =
    kind === 'poisson'
      ? randomExponential.source(gaps)(ratePerS / 1000)
      : randomGamma.source(gaps)(BURSTINESS, 1000 / ratePerS / BURSTINESS)
  const length = (name: string, { median, sigma }: typeof INPUT) =>
    randomLogNormal.source(randomSource(seed, name))(Math.log(median), sigma)
  const [input, output] = [length('input', INPUT), length('output', OUTPUT)]
  return () => ({
    gapMs: gap(),
    promptTokens: whole(input(), 4, 3000),
    outputTokens: whole(output(), 2, 500),
  })
}

/** Requests of the trace that stay together: their rush, and the order of their lengths. */
const STRETCH = 60
/** By this much the trace's lengths are shortened, to about those of the other kinds. */
const SHORTER = 6

/** Stretches of the bundled trace in random order, scaled to the rate: what it has of rushes stays. */
function traceTraffic(ratePerS: number, seed: number): () => NextRequest {
  const rows = traceRows()
  const scale = 1000 / ratePerS / meanGap(rows)
  const random = randomSource(seed, 'stretches')
  let at = 0
  let left = 0
  return () => {
    if (left-- === 0) [at, left] = [Math.floor(random() * rows.length), STRETCH - 1]
    const { gapMs, promptTokens, outputTokens } = rows[at++ % rows.length] as NextRequest
    return {
      gapMs: gapMs * scale,
      promptTokens: whole(promptTokens / SHORTER, 4, 3000),
      outputTokens: whole(outputTokens / SHORTER, 2, 500),
    }
  }
}

/** From the root of the repository, so that the bundled program finds it as well. */
const TRACE = 'data/traces/chat-5min.csv'

let kept: NextRequest[] | undefined

function traceRows(): NextRequest[] {
  const rows = () => {
    const lines = readFileSync(TRACE, 'utf8').trim().split('\n').slice(1)
    const numbers = lines.map((line) => line.split(',').slice(0, 3).map(Number))
    return numbers.slice(1).map(([at = 0, promptTokens = 0, outputTokens = 0], i) => ({
      gapMs: at - (numbers[i]?.[0] ?? 0),
      promptTokens,
      outputTokens,
    }))
  }
  return (kept ??= rows())
}

function meanGap(rows: readonly NextRequest[]): number {
  return rows.reduce((sum, { gapMs }) => sum + gapMs, 0) / rows.length
}

function whole(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, Math.round(value)))
}
