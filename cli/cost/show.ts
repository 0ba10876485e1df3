import type { CostLine, Monthly } from '../../lib/cost/index.ts'
import { count, duration, fromTo, many, NONE, num, percent } from '../../lib/tables/index.ts'
import type { Shown } from '../../lib/tables/index.ts'
import type { CostOptions } from './options.ts'
import type { CostData, FleetPrice } from './types.ts'

/** Money with at least three significant digits: 0.00132, 1.25, 12,400. */
export function money(value: number | null, currency: string): string {
  if (value === null || !Number.isFinite(value)) return NONE
  const size = Math.abs(value)
  const text = size === 0 || size >= 1 ? num(value) : value.toPrecision(3).replace(/e.*/, '')
  return `${size > 0 && size < 1e-6 ? value.toExponential(2) : text} ${currency}`
}

/** The table of costs at one price of a GPU hour. */
export function fleetShown(
  data: CostData,
  { kind, gpuHour, replicaHour, replicas, lines, within, atLimit }: FleetPrice,
  { replica, inputWeight }: CostOptions,
): Shown {
  const { currency, limit, energy } = data
  const perMillion = (price: number | null) => `${money(price, currency)} per million output tokens`
  const { perReplica = 0, high = null, doubts = [] } = limit ?? {}
  const known = within.low !== null || within.high !== null
  const range =
    high === null
      ? `${num(perReplica)} requests/s per replica`
      : `${num(perReplica)} requests/s per replica, the lower end of ${num(perReplica)} to ${num(high)}; ${money(atLimit?.perMillionOutputAtHigh ?? null, currency)} at the upper end`
  return {
    ...linesShown(`Cost at ${kind.replace(' ', '-')} GPU prices`, lines, currency),
    status: data.run.endedEarly || doubts.length > 0 ? 'unclear' : 'none',
    facts: [
      `${money(gpuHour, currency)} per GPU hour, ${many(replica.gpus, 'GPU')} per replica, ${percent(replica.overhead)} overhead: ${money(replicaHour, currency)} per replica hour; ${many(replicas, 'replica')}.`,
      ...windowFacts(data),
      `As measured: ${perMillion(lines[0]?.perMillionOutput ?? null)}${known ? ` (${fromTo(within, (end) => money(end, currency))})` : ''}.`,
      ...(atLimit === null
        ? []
        : [`At the limit: ${perMillion(atLimit.perMillionOutput)} (${range}).`]),
      ...doubts.map((doubt) => `Caution: ${doubt}.`),
      ...(energy === null ? [] : [energyFact(energy)]),
    ],
    notes: [
      `Cost is shared by work: output tokens + ${inputWeight} · input tokens that were not cached. Only completed requests of the measured window count; the cost per month includes idle hours.`,
    ],
  }
}

/** The table of costs at token prices. */
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
      'Covers completed requests that were due in the measured window, with all of their tokens.',
      ...(uncounted === 0
        ? []
        : [`${many(uncounted, 'request')} had no count of input tokens: their cost is missing.`]),
      ...(cachedKnown || price.cached === undefined
        ? []
        : ['The server does not report cached tokens: all input is priced as not cached.']),
    ],
  }
}

/** What the figures cover, and how far they can be trusted. */
function windowFacts({ run }: CostData): string[] {
  const { verdict, lengthMs, plannedMs, endedEarly, completedPerS, outputTokensPerS } = run
  const early = !endedEarly
    ? ''
    : plannedMs === null
      ? '; the run ended early'
      : `; the run ended early (${duration(plannedMs)} planned)`
  const reasons = verdict.reasons.length === 0 ? '' : `: ${verdict.reasons.join('; ')}`
  return [
    `${num(completedPerS)} requests/s and ${num(outputTokensPerS)} output tokens/s over ${duration(lengthMs)} measured${early}.`,
    ...(verdict.status === 'passed' ? [] : [`${verdict.headline}${reasons}.`]),
  ]
}

function energyFact({ joulesPerToken, powerW, source }: NonNullable<CostData['energy']>): string {
  const kWh = joulesPerToken === null ? NONE : num(joulesPerToken / 3.6)
  const from =
    powerW === undefined
      ? 'the energy that the server counted over the whole run'
      : `${num(powerW)} W${source === 'power' ? ', the mean scraped power' : ''}`
  return `Energy: ${num(joulesPerToken)} J per output token, ${kWh} kWh per million (${from}).`
}

function linesShown(title: string, lines: readonly CostLine[], currency: string): Shown {
  // A single part repeats the total.
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

/** The table of a month of the given load. */
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
      `Average ${num(first.averageRate)}, peak ${num(first.peakRate)} requests/s: a fleet sized for the peak is ${percent(first.averageOverPeak)} utilised on average.`,
      ...doubts.map((doubt) => `Caution: ${doubt}.`),
    ],
    heading: [
      'prices',
      'static replicas',
      'scaled, mean',
      'scaled, max',
      'static cost',
      'scaled cost',
      'saved',
    ],
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
      'Static: replicas for the peak and the losses, all the time. Scaled: replicas for the highest load of each bin and of the bins that begin while a new replica gets ready; it knows the load in advance.',
    ],
  }
}
