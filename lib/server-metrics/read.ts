import parse from 'parse-prometheus-text-format'
import { ENGINES } from './engines.ts'
import type { Engine, EngineName, ServerFigure, ServerReading, Source, Term } from './types.ts'

/** More lines than any engine exposes for the few metrics read here; the rest of a body is ignored. */
const MOST_LINES = 5_000

interface Series {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}
type Exposed = ReadonlyMap<string, readonly Series[]>

const wanted: ReadonlySet<string> = new Set(
  ENGINES.flatMap((engine) =>
    Object.values(engine.figures).flatMap((sources) =>
      sources.flatMap(({ terms }) => terms.map(({ metric }) => metric)),
    ),
  ),
)

/**
 * Reads a Prometheus exposition into neutral figures, whichever engine it comes from.
 * @param text body of a `/metrics` answer; any other page gives no figures
 * @returns the engines found (an exporter may share the address) and their figures in the units of
 *   `FIGURES`; broken lines are skipped
 */
export function readServerMetrics(text: string): ServerReading {
  const exposed = readSeries(text)
  const names = [...exposed.keys()]
  const values: { [F in ServerFigure]?: number } = {}
  const engines: EngineName[] = []
  for (const engine of ENGINES) {
    if (!names.some((name) => name.startsWith(engine.prefix))) continue
    engines.push(engine.name)
    for (const [figure, value] of figuresOf(engine, exposed)) values[figure] ??= value
  }
  return { engines, values }
}

function* figuresOf(engine: Engine, exposed: Exposed): Generator<[ServerFigure, number]> {
  for (const [figure, sources] of Object.entries(engine.figures)) {
    for (const candidate of sources) {
      const value = valueOf(candidate, exposed)
      if (value === undefined) continue
      yield [figure as ServerFigure, value]
      break
    }
  }
}

function valueOf({ terms, over, scale = 1 }: Source, exposed: Exposed): number | undefined {
  let total = 0
  for (const term of terms) {
    const values = select(term, exposed)
    if (values.length === 0) return undefined
    if (over === 'max') total += Math.max(...values)
    else {
      const added = values.reduce((a, b) => a + b, 0)
      total += over === 'mean' ? added / values.length : added
    }
  }
  return total * scale
}

function select({ metric, labels = {} }: Term, exposed: Exposed): number[] {
  const series = exposed.get(metric) ?? []
  return series
    .filter((one) => Object.entries(labels).every(([key, value]) => one.labels[key] === value))
    .map(({ value }) => value)
}

/** Only lines of wanted metrics are parsed: an exposition has thousands, and the parser is slow. */
function readSeries(text: string): Exposed {
  const exposed = new Map<string, Series[]>()
  let lines = 0
  for (const line of text.split('\n')) {
    const name = /^[a-zA-Z_:][\w:]*/.exec(line)?.[0]
    if (name === undefined || !wanted.has(name)) continue
    if (++lines > MOST_LINES) break
    const value = readLine(line.replace(/\r$/, ''))
    if (value === undefined) continue
    const known = exposed.get(name)
    if (known === undefined) exposed.set(name, [value])
    else known.push(value)
  }
  return exposed
}

function readLine(line: string): Series | undefined {
  try {
    // Without a line break at the end the parser drops the last line.
    const metric = parse(`${line}\n`)[0]?.metrics[0]
    const value = metric?.value === undefined ? Number.NaN : Number(metric.value)
    return Number.isFinite(value) ? { labels: metric?.labels ?? {}, value } : undefined
  } catch {
    return undefined
  }
}
