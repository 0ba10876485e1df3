import path from 'node:path'
import { workloadOf } from '../../lib/capacity/index.ts'
import {
  energyAt,
  fleetCost,
  limitPrice,
  monthlyCost,
  perMillionWithin,
  replicaHour,
  tokensCost,
  usageOf,
} from '../../lib/cost/index.ts'
import type { Limit, Monthly, Usage } from '../../lib/cost/index.ts'
import { costCharts } from '../../lib/html/index.ts'
import type { CostPrices } from '../../lib/html/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import type { Shown } from '../../lib/tables/index.ts'
import { guarded, TERMINAL, usageErrorOf } from '../command.ts'
import type { Terminal } from '../command.ts'
import { write } from '../output/index.ts'
import { readRun } from '../run-folder/index.ts'
import { readLimit } from './limit.ts'
import { loadOverTime } from './load.ts'
import type { LoadOverTime } from './load.ts'
import { HELP, readOptions } from './options.ts'
import type { CostOptions } from './options.ts'
import { breakEvens, breakEvenShown } from './break-even.ts'
import { fleetShown, monthsShown, tokensShown } from './show.ts'
import type { CostData, FleetPrice } from './types.ts'

/** `k6-inference cost`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded('cost', () => cost(argv, terminal), terminal)
}

async function cost(argv: readonly string[], terminal: Terminal): Promise<number> {
  const options = readOptions(argv)
  if (options.help) {
    terminal.out(HELP)
    return 0
  }
  const run = await readRun(options.run)
  for (const note of run.sources.notes) terminal.note(`cost: ${note}\n`)
  const workload = workloadOf(run)
  const { capacity, load } = options
  const limit = capacity === undefined ? undefined : await readLimit(capacity, workload)
  const over =
    load === undefined
      ? undefined
      : await loadOverTime(load, options.binMs, workload).catch((error: unknown) => {
          throw usageErrorOf(error)
        })
  const data = costOf(run, options, limit, over)
  const shown = saidOnce([
    ...data.fleets.map((fleet) => fleetShown(data, fleet, options)),
    ...(data.tokens === null ? [] : [tokensShown(data, data.tokens)]),
    ...(data.breakEven ?? []).map((at) => breakEvenShown(at, data)),
    ...(data.months === null ? [] : [monthsShown(data.months, doubtsOf(limit, over), options)]),
  ])
  const [at = ''] = [...run.sources.results, ...run.sources.records]
  const page = () => ({
    beside: [
      { charts: [{ title: 'How sure these prices are', charts: costCharts(pricesOf(data)) }] },
    ],
    runs: [{ name: path.basename(run.name), at }],
  })
  await write({ shown, data, page }, options.output, terminal)
  return 0
}

/** Tables without the facts and notes that one before them has: most hold for all prices. Cautions stay with each. */
function saidOnce(tables: readonly Shown[]): Shown[] {
  const said = new Set<string>()
  const first = (text: string) => !said.has(text) && said.add(text)
  return tables.map((one) => ({
    ...one,
    facts: one.facts.filter((fact) => fact.startsWith('Caution') || first(fact)),
    notes: one.notes.filter(first),
  }))
}

/** What the page draws. */
function pricesOf({ currency, fleets, tokens, breakEven, limit }: CostData): CostPrices {
  return {
    currency,
    bought: tokens?.lines[0]?.perMillionOutput ?? null,
    fleets: fleets.map(({ kind, replicaHour, lines: [all], within, atLimit }) => ({
      kind,
      replicaHour,
      measured: { value: all?.perMillionOutput ?? null, ...within },
      atLimit: atLimit && {
        value: atLimit.perMillionOutput,
        low: atLimit.perMillionOutputAtHigh,
        high: atLimit.perMillionOutput,
      },
    })),
    boughtPerRequest: breakEven?.[0]?.lines[0]?.buyPerRequest ?? null,
    perReplica: limit && { low: limit.perReplica, high: limit.high },
  }
}

/** Computes all figures; tables and JSON both show these. */
function costOf(
  run: Run,
  options: CostOptions,
  limit: Limit | undefined,
  over: LoadOverTime | undefined,
): CostData {
  const usage = usageOf(run)
  const { tokenPrice, currency } = options
  const months = limit === undefined || over === undefined ? null : monthsOf(options, limit, over)
  return {
    format: 'k6-inference-cost',
    version: 1,
    currency,
    run: {
      name: run.name,
      verdict: run.report.verdict,
      lengthMs: usage.lengthMs,
      plannedMs: usage.plannedMs ?? null,
      endedEarly: usage.endedEarly,
      completedPerS: usage.completedPerS,
      outputTokensPerS: usage.outputTokensPerS,
      uncounted: usage.uncounted,
      cachedKnown: usage.cachedKnown,
    },
    limit: limit ?? null,
    fleets: options.hours.map(({ kind, price }) => fleetPrice(kind, price, usage, options, limit)),
    tokens:
      tokenPrice === undefined ? null : { price: tokenPrice, lines: tokensCost(usage, tokenPrice) },
    energy: energyOf(usage, options),
    breakEven: breakEvens(usage, options, limit, months),
    months,
  }
}

function fleetPrice(
  kind: FleetPrice['kind'],
  gpuHour: number,
  usage: Usage,
  { replica, replicas, inputWeight }: CostOptions,
  limit: Limit | undefined,
): FleetPrice {
  const hour = replicaHour(gpuHour, replica)
  return {
    kind,
    gpuHour,
    replicaHour: hour,
    replicas,
    lines: fleetCost(usage, hour * replicas, inputWeight),
    within: perMillionWithin(hour * replicas, usage.outputTokensPerSWithin),
    atLimit: limit === undefined ? null : limitPrice(hour, limit),
  }
}

function energyOf(usage: Usage, { powerW }: CostOptions): CostData['energy'] {
  if (powerW !== undefined) return energyAt(powerW, usage.outputTokensPerS)
  return usage.energy ?? null
}

/** A month at each price, and one that reserves the static fleet and scales at the other price. */
function monthsOf(
  { hours, replica, losses, leadMs, atLeast }: CostOptions,
  { perReplica }: Limit,
  { bins }: LoadOverTime,
): { name: string; month: Monthly }[] {
  const month = (fixed: number, scaled: number) =>
    monthlyCost(
      bins,
      { static: replicaHour(fixed, replica), scaled: replicaHour(scaled, replica) },
      { perReplica, losses, leadMs, atLeast },
    )
  const months = hours.map(({ kind, price }) => ({
    name: kind as string,
    month: month(price, price),
  }))
  const reserved = hours.find(({ kind }) => kind === 'reserved')
  const other = hours.find(({ kind }) => kind !== 'reserved')
  if (reserved !== undefined && other !== undefined)
    months.push({
      name: `static reserved, scaled ${other.kind}`,
      month: month(reserved.price, other.price),
    })
  return months
}

function doubtsOf(limit: Limit | undefined, over: LoadOverTime | undefined): string[] {
  return [...(limit?.doubts ?? []), ...(over?.doubts ?? [])]
}
