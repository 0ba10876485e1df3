import type { Report } from '../results/index.ts'
import type { Run } from '../runs/index.ts'
import { axesOf, qualityAxis } from './axes.ts'
import { standings } from './dominance.ts'
import type { AxisInfo, Configuration, FigureLimit, Frontier, Measured, Price } from './types.ts'

/** A result that is to be compared. */
export interface Candidate {
  name: string
  run: Run
  price: Price | undefined
}

export interface FrontierOptions {
  /** Ids of the axes that quality is set against, see `axesOf`. */
  against: readonly string[]
  /** Grader whose score is the quality; `all`: every grader. */
  grader: string
  limits: readonly FigureLimit[]
  currency: string
}

/**
 * Sets the quality of several results against their speed and cost.
 * @throws RangeError that names each unknown axis and limit, with what is accepted
 */
export function frontierOf(candidates: readonly Candidate[], options: FrontierOptions): Frontier {
  const all = axesOf(options.currency)
  const quality = qualityAxis(options.grader)
  const limits = [...new Set(options.limits.map(({ id }) => id))]
  const ids = [quality.id, ...all.map(({ id }) => id)]
  const unknown = [...limits, ...options.against].filter((id) => !ids.includes(id))
  if (unknown.length > 0) {
    throw new RangeError(
      `there is no figure ${[...new Set(unknown)].join(', ')}; accepted: ${ids.join(', ')}`,
    )
  }
  const read = candidates.map(({ name, run, price }) => {
    const own = quality.of(run.report)
    const values: Record<string, Measured> = { quality: own }
    for (const axis of all) values[axis.id] = axis.of(run, { price, quality: own })
    return { name, values, ...judged(run.report, values, options.limits, [quality, ...all]) }
  })
  const against = options.against.flatMap((id) => all.find((axis) => axis.id === id) ?? [])
  const byAxis = against.map((axis) => {
    const points = read.map(({ name, values, broken }) => {
      return { name, out: broken.length > 0, values: [values['quality']!, values[axis.id]!] }
    })
    return { id: axis.id, found: standings([quality, axis], points) }
  })
  const shown = ['quality', ...options.against, ...limits]
  return {
    format: 'k6-inference-frontier',
    version: 1,
    quality: infoOf(quality),
    against: against.map(infoOf),
    configurations: read.map(({ values, ...one }, i): Configuration => {
      const of = <T>(field: (found: (typeof byAxis)[number]['found'][number]) => T) =>
        Object.fromEntries(byAxis.map(({ id, found }) => [id, field(found[i]!)]))
      return {
        ...one,
        values: Object.fromEntries(shown.map((id) => [id, values[id]!])),
        standing: of(({ standing }) => standing),
        behind: of(({ behind }) => behind),
      }
    }),
  }
}

/** Limits that a result breaks: its own, as its report judges them, and those given. */
function judged(
  report: Report,
  values: Readonly<Record<string, Measured>>,
  limits: readonly FigureLimit[],
  axes: readonly AxisInfo[],
): Pick<Configuration, 'broken' | 'undecided'> {
  const titles = (keep: (one: Report['slo'][number]) => boolean) =>
    report.slo.filter(keep).map(({ title }) => title)
  const broken = titles(({ verdict }) => verdict === 'missed')
  // Of a limit that nobody set, only that it is missed is news.
  const undecided = titles(
    ({ verdict, builtIn }) => !builtIn && (verdict === 'undecided' || verdict === 'unclear'),
  )
  for (const { id, limit } of limits) {
    const { title, better } = axes.find((axis) => axis.id === id)!
    const { value, low, high } = values[id]!
    const breaks = (end: number | null) =>
      end === null || (better === 'higher' ? end < limit : end > limit)
    const [best, worst] = better === 'higher' ? [high, low] : [low, high]
    // Without an interval, only the figure itself is known.
    if (value === null) undecided.push(`${title} (no value)`)
    else if (breaks(best ?? value)) broken.push(title)
    else if (breaks(worst ?? value)) undecided.push(title)
  }
  return { broken, undecided }
}

function infoOf({ id, title, unit, better }: AxisInfo): AxisInfo {
  return { id, title, unit, better }
}
