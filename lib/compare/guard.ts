import { mean } from 'simple-statistics'
import type { RunConditions, Run } from '../runs/index.ts'
import { num } from '../tables/index.ts'
import { askedApart } from './traffic/same-traffic.ts'

/** Kinds that can be allowed by name when they are what one wants to compare. */
export const GUARDS = ['scenario', 'model', 'load', 'lengths', 'clock', 'api', 'client'] as const
export type Guard = (typeof GUARDS)[number]

/** A difference between runs besides the one they are compared for. */
export interface Difference {
  /** `told`: worth knowing, or allowed; every other kind makes the runs not comparable. */
  kind: Guard | 'told'
  message: string
}

/** Served mean lengths that differ by more than this are different work for the server. */
const LENGTH_SHARE = 0.1
/** Asked loads that differ by more than this are different loads. */
const LOAD_SHARE = 0.01

/**
 * What makes runs unlike each other; [] when nothing known does. Whatever a run does not report is
 * not judged.
 * @param allow kinds that are intended, see {@link GUARDS}
 */
export function differences(
  before: readonly Run[],
  after: readonly Run[],
  allow: readonly string[] = [],
): Difference[] {
  const runs = [...before, ...after]
  const found: Difference[] = []
  const add = (kind: Guard, message: string) => {
    const allowed = allow.includes(kind)
    found.push({
      kind: allowed ? 'told' : kind,
      message: allowed ? `${message} (allowed)` : message,
    })
  }
  const values = (name: keyof RunConditions) => distinct(runs, name)
  const unlike = (kind: Guard, name: keyof RunConditions, title: string) => {
    const is = values(name)
    if (is.length > 1) add(kind, `${title} differs: ${is.join(' and ')}`)
  }
  unlike('scenario', 'scenario', 'the scenario')
  unlike('model', 'model', 'the model')
  unlike('api', 'api', 'the API')
  unlike('load', 'shape', 'the load shape')
  unlike('load', 'loop', 'the loop')
  unlike('load', 'unit', 'the unit of load')
  const asked = runs.flatMap((run) => run.conditions.asked ?? [])
  if (asked.length > 1 && Math.max(...asked) > (1 + LOAD_SHARE) * Math.min(...asked))
    add('load', `the load asked differs: ${values('asked').join(' and ')}`)
  unlike('lengths', 'inputTokens', 'INPUT_TOKENS')
  unlike('lengths', 'outputTokens', 'OUTPUT_TOKENS')
  for (const [name, title] of [
    ['inputTokens', 'input'],
    ['outputTokens', 'output'],
  ] as const) {
    // Lengths drawn from one distribution differ by chance: then compare how well they were kept.
    const alike = values(name).length === 1 && runs.every((run) => run.conditions[name])
    const lengths = [lengthsOf(before, name), lengthsOf(after, name)] as const
    const kept = alike && lengths.every(({ asked }) => asked !== undefined)
    const [was, is] = lengths.map(({ served, asked }) =>
      kept && served !== undefined ? served / (asked as number) : served,
    )
    if (was === undefined || is === undefined) continue
    if (Math.max(was, is) > (1 + LENGTH_SHARE) * Math.min(was, is))
      add(
        'lengths',
        kept
          ? `requests have ${was.toFixed(2)} and ${is.toFixed(2)} of the ${title} tokens asked for`
          : `requests have ${was.toFixed(0)} and ${is.toFixed(0)} ${title} tokens on average`,
      )
  }
  unlike('clock', 'clock', 'the clock of arrival times')
  for (const run of runs)
    for (const reason of run.conditions.clientLimits) add('client', `${run.name}: ${reason}`)
  for (const { name, report } of runs)
    for (const { camePerS, answeredPerS } of report.overload ?? [])
      found.push({
        kind: 'told',
        message: `${name}: more came than was answered (${num(camePerS)} requests/s against ${num(answeredPerS)}), so its latencies depend on when the load ended`,
      })
  const seeds = values('seed')
  if (seeds.length > 1 && runs.length === 2)
    found.push({
      kind: 'told',
      message: `seeds differ (${seeds.join(' and ')}): with the same seed both sides get the same requests and small changes show sooner`,
    })
  if (seeds.length <= 1) found.push(...workloads(before, after))
  return found
}

/** Runs of one seed of which one would think that they asked for the same. */
function workloads(before: readonly Run[], after: readonly Run[]): Difference[] {
  if (before.length !== 1 || after.length !== 1) return []
  const [a, b] = [before[0] as Run, after[0] as Run]
  const apart = askedApart(a, b)
  if (apart?.length === 0) return []
  if (apart !== undefined) {
    const message = `the requests asked for are not the same: other ${listed(apart)}`
    return [{ kind: 'told', message }]
  }
  const silent = [a, b].filter(({ conditions }) => conditions.workload === undefined)
  const names = listed(silent.map(({ name }) => name))
  const message = `not known whether both sides asked for the same requests: no digest of them in ${names}`
  return [{ kind: 'told', message }]
}

function listed(names: readonly string[]): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
}

function distinct(runs: readonly Run[], name: keyof RunConditions): string[] {
  const known = runs.map((run) => run.conditions[name]).filter((value) => value !== undefined)
  return [...new Set(known.map(String))]
}

/** Mean lengths as served and as asked; "asked" is known only where every request has it. */
function lengthsOf(runs: readonly Run[], name: 'inputTokens' | 'outputTokens') {
  const requests = runs.flatMap((run) =>
    (run.requests ?? []).filter(
      (r) => r.outcome === 'completed' && r.measured && r[name] !== undefined,
    ),
  )
  const asked = requests.flatMap((r) => r.asked?.[name] ?? [])
  return {
    served: requests.length === 0 ? undefined : mean(requests.map((r) => r[name] as number)),
    asked: asked.length === 0 || asked.length < requests.length ? undefined : mean(asked),
  }
}
