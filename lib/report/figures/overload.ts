import { isQueued } from '../../metrics/index.ts'
import type { OverloadReport, RunInfo } from '../../results/index.ts'
import { queueGrows } from '../../statistics/index.ts'
import type { Estimate } from '../../statistics/index.ts'

/** Requests that came and answers that went, per cell of a phase: cells of equal length, in order. */
export interface Flow {
  readonly came: readonly number[]
  readonly went: readonly number[]
}

/**
 * Whether a phase of constant load is overloaded. In a closed loop users wait for their answers, so that no queue grows.
 * @param flow of the phase; undefined where it is not known
 */
export function overloadOf(
  { loop, phases }: { readonly loop?: string | undefined } & Pick<RunInfo['plan'], 'phases'>,
  phase: { readonly name: string; readonly lengthMs: number },
  flow: Flow | undefined,
): OverloadReport | undefined {
  const own = phases.filter(({ name }) => name === phase.name)
  const isConstant = own.every(({ from, to }) => from === to && from === own[0]?.from)
  if (flow === undefined || loop !== 'open' || !isConstant) return undefined
  if (!queueGrows(flow.came, flow.went)) return undefined
  const perS = (counts: readonly number[]) =>
    (1000 * counts.reduce((sum, count) => sum + count, 0)) / phase.lengthMs
  return { phase: phase.name, camePerS: perS(flow.came), answeredPerS: perS(flow.went) }
}

/**
 * Estimates of an overloaded phase. If the load went on, its queue would grow for ever: latencies with a wait in them
 * have no upper bound, and are at least what the first half showed; at most as many requests would be good as in it.
 * @param whole estimates of the phase
 * @param half those of its first half
 */
export function overloadedEstimates(
  whole: Readonly<Record<string, Estimate>>,
  half: Readonly<Record<string, Estimate>>,
): Record<string, Estimate> {
  const bounded = Object.entries(whole).map(([key, estimate]): [string, Estimate] => {
    const early = half[key]?.value
    const none = { ...estimate, low: undefined, high: undefined, needs: undefined }
    if (isQueued(key.split('.')[0] as string)) return [key, { ...none, low: early }]
    return key === 'goodShare' ? [key, { ...none, high: early }] : [key, estimate]
  })
  return Object.fromEntries(bounded)
}
