import parse from 'parse-prometheus-text-format'
import { ENGINES } from './engines.ts'
import { isPossible } from './possible.ts'
import type { Engine, EngineName, ServerFigure, ServerReading, Source, Term } from './types.ts'

/** No line of an exposition comes near this; longer ones are skipped. */
const MOST_LINE = 65_536
/** Reading a series costs 20-50 us in k6's engine; no cluster has so many of the few metrics read here. */
export const MOST_SERIES = 20_000

/** A term's series (replicas, GPUs, ranks) taken together: no series is kept. */
interface Tally {
  count: number
  sum: number
  max: number
  /** Series with a value that cannot be. */
  impossible: number
}

/** Terms by metric, each with the key of its tally. */
const termsOf = new Map<string, { key: string; labels: [string, string][] }[]>()
for (const { figures } of ENGINES) {
  for (const { terms } of Object.values(figures).flat()) for (const term of terms) addTerm(term)
}

function addTerm(term: Term): void {
  const known = termsOf.get(term.metric) ?? []
  termsOf.set(term.metric, known)
  const key = keyOf(term)
  if (known.every((one) => one.key !== key)) {
    known.push({ key, labels: Object.entries(term.labels ?? {}) })
  }
}

function keyOf({ metric, labels }: Term): string {
  return labels === undefined ? metric : `${metric} ${JSON.stringify(labels)}`
}

/** Reads one Prometheus exposition as it arrives. */
export interface MetricsReader {
  /** `text.slice(from, to)` is the next part of the page, a byte string. */
  feed(text: string, from?: number, to?: number): void
  end(): ServerReading
}

/**
 * Reads a Prometheus exposition into neutral figures, whichever engine it comes from. Only lines of
 * wanted metrics are parsed, and only sums are kept, so any number of other series costs no memory.
 * Broken lines are skipped; any other page gives no figures.
 */
export function createMetricsReader(): MetricsReader {
  const tallies = new Map<string, Tally>()
  const names = new Set<string>()
  let series = 0
  let carry = ''
  /** Inside a line that is too long to be read. */
  let skipping = false

  return {
    feed(text, from = 0, to = text.length) {
      let pos = from
      for (;;) {
        const lf = text.indexOf('\n', pos)
        if (lf < 0 || lf >= to) break
        if (!skipping && carry.length + lf - pos <= MOST_LINE) {
          readLine(carry + text.slice(pos, lf))
        }
        skipping = false
        carry = ''
        pos = lf + 1
      }
      if (skipping || pos >= to) return
      carry += text.slice(pos, to)
      if (carry.length > MOST_LINE) {
        skipping = true
        carry = ''
      }
    },
    end() {
      if (!skipping) readLine(carry)
      carry = ''
      return readingOf(tallies, names, series > MOST_SERIES)
    },
  }

  function readLine(line: string): void {
    const name = /^[a-zA-Z_:][\w:]*/.exec(line)?.[0]
    const terms = name === undefined ? undefined : termsOf.get(name)
    if (name === undefined || terms === undefined || ++series > MOST_SERIES) return
    const metric = parseLine(line.replace(/\r$/, ''))
    if (metric?.value === undefined) return
    names.add(name)
    const { labels = {} } = metric
    for (const { key, labels: wanted } of terms) {
      if (wanted.every(([label, value]) => labels[label] === value)) {
        enter(key, Number(metric.value))
      }
    }
  }

  function enter(key: string, value: number): void {
    let tally = tallies.get(key)
    if (tally === undefined) {
      tally = { count: 0, sum: 0, max: -Infinity, impossible: 0 }
      tallies.set(key, tally)
    }
    tally.count++
    tally.sum += value
    tally.max = Math.max(tally.max, value)
    // One replica at -7 and one at 1 are no -6 that wait, and no 1 either.
    if (!Number.isFinite(value) || value < 0) tally.impossible++
  }
}

function parseLine(line: string) {
  try {
    // Without a line break at the end the parser drops the last line.
    return parse(`${line}\n`)[0]?.metrics[0]
  } catch {
    return undefined
  }
}

function readingOf(
  tallies: ReadonlyMap<string, Tally>,
  names: ReadonlySet<string>,
  tooMany: boolean,
): ServerReading {
  const values: { [F in ServerFigure]?: number } = {}
  const impossible: ServerFigure[] = []
  const engines: EngineName[] = []
  if (tooMany) return { engines, values, impossible, tooMany }
  for (const engine of ENGINES) {
    if (![...names].some((name) => name.startsWith(engine.prefix))) continue
    engines.push(engine.name)
    for (const [figure, value] of figuresOf(engine, tallies)) {
      if (!isPossible(figure, value)) impossible.push(figure)
      else values[figure] ??= value
    }
  }
  return { engines, values, impossible, tooMany }
}

function* figuresOf(
  engine: Engine,
  tallies: ReadonlyMap<string, Tally>,
): Generator<[ServerFigure, number]> {
  for (const [figure, sources] of Object.entries(engine.figures)) {
    for (const candidate of sources) {
      const value = valueOf(candidate, tallies)
      if (value === undefined) continue
      yield [figure as ServerFigure, value]
      break
    }
  }
}

/** @returns undefined where the engine does not tell it, NaN where a series cannot be */
function valueOf(
  { terms, over, scale = 1 }: Source,
  tallies: ReadonlyMap<string, Tally>,
): number | undefined {
  let total = 0
  for (const term of terms) {
    const tally = tallies.get(keyOf(term))
    if (tally === undefined) return undefined
    if (tally.impossible > 0) return Number.NaN
    if (over === 'max') total += tally.max
    else total += over === 'mean' ? tally.sum / tally.count : tally.sum
  }
  return total * scale
}
