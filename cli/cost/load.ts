import type { LoadBin } from '../../lib/cost/index.ts'
import { loadBins } from '../../lib/cost/index.ts'
import { workloadDifferences } from '../../lib/capacity/index.ts'
import type { Workload } from '../../lib/capacity/index.ts'
import { readTrace } from '../trace/index.ts'
import type { CostOptions } from './options.ts'

const DAY_MS = 86_400_000

/** Load over time, and reasons why a fleet for it may need more or fewer replicas than computed. */
export interface LoadOverTime {
  bins: readonly LoadBin[]
  doubts: readonly string[]
}

/**
 * The load of `--daily` or `--trace`, in bins.
 * @param workload of the run: a trace of longer requests needs more replicas
 */
export async function loadOverTime(
  load: NonNullable<CostOptions['load']>,
  binMs: number,
  workload: Workload,
): Promise<LoadOverTime> {
  if ('daily' in load) {
    const lengthMs = DAY_MS / load.daily.length
    return { bins: load.daily.map((rate) => ({ rate, lengthMs })), doubts: [] }
  }
  const { trace } = await readTrace(load.trace, {})
  const lengths = {
    ...{ scenario: null, model: null, inputTokens: null, outputTokens: null, cachedShare: null },
    inputTokensMean: meanOf(trace.inputTokens),
    outputTokensMean: meanOf(trace.outputTokens),
  }
  const { refused } = workloadDifferences(lengths, workload)
  const doubts = refused.map(
    (difference) =>
      `the trace has ${difference} as in the run, so its load needs a different number of replicas`,
  )
  return { bins: loadBins(trace.atMs, binMs), doubts }
}

function meanOf(values: Uint32Array): number | null {
  let sum = 0
  for (const value of values) sum += value
  return values.length === 0 ? null : sum / values.length
}
