import type { CostLine, Monthly } from '../../lib/cost/index.ts'
import { count, duration, many, NONE, num, percent } from '../../lib/tables/index.ts'
import type { Shown } from '../../lib/tables/index.ts'
import type { CostOptions } from './options.ts'
import type { CostData, FleetPrice } from './types.ts'

/** Money with at least three digits that say something: 0.00132, 1.25, 12,400. */
export function money(value: number | null, currency: string): string {
  if (value === null || !Number.isFinite(value)) return NONE
  const size = Math.abs(value)
  const text = size === 0 || size >= 1 ? num(value) : value.toPrecision(3).replace(/e.*/, '')
  return `${size > 0 && size < 1e-6 ? value.toExponential(2) : text} ${currency}`
}

/** Costs at a price of a GPU hour. */
export function fleetShown(
  data: CostData,
  { kind, gpuHour, replicaHour, replicas, lines, atLimit }: FleetPrice,
  { replica, inputWeight }: CostOptions,
): Shown {
  const { currency, limit, energy } = data
  const perMillion = (price: number | null) => `${money(price, currency)} per million output tokens`
  const { perReplica = 0, high = null, doubts = [] } = limit ?? {}
  const range =
    high === null
      ? `${num(perReplica)} requests/s per replica`
      : `${num(perReplica)} requests/s per replica, the lower end of ${num(perReplica)} to ${num(high)}; ${money(atLimit?.perMillionOutputAtHigh ?? null, currency)} at the upper end`
  return {
    ...linesShown(`Cost at GPU prices ${kind}`, lines, currency),
    status: data.run.endedEarly || doubts.length > 0 ? 'unclear' : 'none',
    facts: [
      `${money(gpuHour, currency)} per GPU hour, ${many(replica.gpus, 'GPU')} per replica, ${percent(replica.overhead)} on top: ${money(replicaHour, currency)} per replica hour; ${many(replicas, 'replica')}.`,
      ...windowFacts(data),
      `As measured: ${perMillion(lines[0]?.perMillionOutput ?? null)}.`,
      ...(atLimit === null
        ? []
        : [`At the limit: ${perMillion(atLimit.perMillionOutput)} (${range}).`]),
      ...doubts.map((doubt) => `Careful: ${doubt}.`),
      ...(energy === null ? [] : [energyFact(energy)]),
    ],
    notes: [
      `Cost is shared out by output tokens and ${inputWeight} of the input tokens that were not cached. Completed requests of the measured window only; idle hours are in the cost per month.`,
    ],
  }
}

/** Costs at prices of tokens. */
export function tokensShown(
  data: CostData,
  { price, lines }: NonNullable<CostData['tokens']>,
): Shown {
  const { uncounted, cachedKnown, endedEarly } = data.run
  const { currency, energy } = data
  return {
    ...linesShown('Cost at token prices', lines, currency),
    status: endedEarly || uncounted > 0 ? 'unclear' : 'none',
    facts: [
      ...windowFacts(data),
      ...(data.fleets.length > 0 || energy === null ? [] : [energyFact(energy)]),
    ],
    notes: [
      'Of completed requests that were due in the measured window, with all of their tokens.',
      ...(uncounted === 0
        ? []
        : [
            `${many(uncounted, 'request')} came without a count of input tokens: theirs is missing.`,
          ]),
      ...(cachedKnown || price.cached === undefined
        ? []
        : ['The server does not report cached tokens: all input is charged as not cached.']),
    ],
  }
}

/** What the figures are of, and how far they can be trusted. */
function windowFacts({ run }: CostData): string[] {
  const { verdict, lengthMs, plannedMs, endedEarly, completedPerS, outputTokensPerS } = run
  const early = !endedEarly
    ? ''
    : plannedMs === null
      ? '; the run ended early'
      : `; the run ended early, ${duration(plannedMs)} were planned`
  const reasons = verdict.reasons.length === 0 ? '' : `: ${verdict.reasons.join('; ')}`
  return [
    `${num(completedPerS)} requests/s and ${num(outputTokensPerS)} output tokens/s over the ${duration(lengthMs)} that were measured${early}.`,
    ...(verdict.status === 'passed' ? [] : [`${verdict.headline}${reasons}.`]),
  ]
}

function energyFact({ joulesPerToken, powerW, source }: NonNullable<CostData['energy']>): string {
  const kWh = joulesPerToken === null ? NONE : num(joulesPerToken / 3.6)
  const from =
    powerW === undefined
      ? 'the energy that the server counted over the whole run'
      : `${num(powerW)} W${source === 'power' ? ', the mean of what was scraped' : ''}`
  return `Energy: ${num(joulesPerToken)} J per output token, ${kWh} kWh per million (${from}).`
}

function linesShown(title: string, lines: readonly CostLine[], currency: string): Shown {
  // A part that is all there is says nothing more.
  const several = (by: CostLine['by']) => lines.filter((line) => line.by === by).length > 1
  const rows = lines.filter(({ by }) => by === 'all' || several(by))
  return {
    title,
    status: 'none',
    facts: [],
    heading: ['', 'requests', 'output tokens', 'share', 'per request', 'per million output tokens'],
    rows: rows.map((line) => [
      line.by === 'all' ? 'all' : `${line.by} ${line.name}`,
      count(line.requests),
      count(Math.round(line.outputTokens)),
      percent(line.share),
      money(line.perRequest, currency),
      money(line.perMillionOutput, currency),
    ]),
    tones: rows.map(() => ''),
    notes: [],
  }
}

/** A month of the load that was given. */
export function monthsShown(
  months: readonly { name: string; month: Monthly }[],
  doubts: readonly string[],
  { currency }: CostOptions,
): Shown {
  const first = months[0]?.month as Monthly
  return {
    title: 'A month (730 h) of this load',
    status: doubts.length > 0 ? 'unclear' : 'none',
    facts: [
      `Average ${num(first.averageRate)}, peak ${num(first.peakRate)} requests/s: over the time, a fleet for the peak is used to ${percent(first.averageOverPeak)}.`,
      ...doubts.map((doubt) => `Careful: ${doubt}.`),
    ],
    heading: ['prices', 'replicas static', 'scaled, mean', 'most', 'static', 'scaled', 'saved'],
    rows: months.map(({ name, month: m }) => [
      name,
      count(m.staticReplicas),
      num(m.scaledReplicasMean),
      count(m.scaledReplicasMax),
      money(m.staticCost, currency),
      money(m.scaledCost, currency),
      percent(m.savedShare),
    ]),
    tones: months.map(() => ''),
    notes: [
      'Static: replicas for the peak and the losses, all the time. Scaled: replicas for the most of each bin and of those that begin while a replica gets ready, knowing the load beforehand.',
    ],
  }
}
