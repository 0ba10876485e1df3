import { trendOf } from '../runs/index.ts'
import type { Run } from '../runs/index.ts'

/** The requests that a capacity was measured with: it holds for requests like these. Null: not known. */
export interface Workload {
  scenario: string | null
  model: string | null
  /** Lengths as asked: `fixed(value 256)`, `lognormal(median 200, sigma 0.6)`. */
  inputTokens: string | null
  outputTokens: string | null
  /** Means over completed requests, and the share of input that came from the server's cache. */
  inputTokensMean: number | null
  outputTokensMean: number | null
  cachedShare: number | null
}

/** Mean lengths may differ by this; beyond it the requests count as different. */
const OTHER_LENGTHS = 0.1
/** … and by this where the same lengths were asked for, so that chance in a short run is no difference. */
const SAME_ASKED = 0.25
/** Difference of the cached share from which prefill work counts as different. */
const OTHER_CACHED = 0.1

/** What a run's requests were. */
export function workloadOf({ report, conditions }: Run): Workload {
  return {
    scenario: conditions.scenario ?? null,
    model: conditions.model ?? null,
    inputTokens: conditions.inputTokens ?? null,
    outputTokens: conditions.outputTokens ?? null,
    inputTokensMean: trendOf(report.measured, 'llm_input_tokens_per_request')?.avg ?? null,
    outputTokensMean: trendOf(report.measured, 'llm_output_tokens_per_request')?.avg ?? null,
    cachedShare: report.measured.cachedShare,
  }
}

/** The workload of several runs of one load test: means weighted by the runs' completed requests. */
export function meanWorkload(
  runs: readonly { completed: number; workload: Workload }[],
): Workload | null {
  const first = runs[0]?.workload
  if (first === undefined) return null
  const mean = (of: (workload: Workload) => number | null) => {
    let [sum, weight] = [0, 0]
    for (const { completed, workload } of runs) {
      const value = of(workload)
      if (value === null) continue
      sum += value * completed
      weight += completed
    }
    return weight === 0 ? null : sum / weight
  }
  return {
    ...first,
    inputTokensMean: mean((w) => w.inputTokensMean),
    outputTokensMean: mean((w) => w.outputTokensMean),
    cachedShare: mean((w) => w.cachedShare),
  }
}

/**
 * Whether a figure measured with one kind of requests holds for another.
 * @returns `refused`: differences for which it does not hold; `noted`: what else differs or is not known
 */
export function workloadDifferences(
  measured: Workload,
  other: Workload,
): { refused: string[]; noted: string[] } {
  const refused: string[] = []
  const noted: string[] = []
  const both = (of: (w: Workload) => string | null) => `${of(measured)}, not ${of(other)}`
  if (differ(measured.model, other.model)) refused.push(`model ${both((w) => w.model)}`)
  for (const side of ['input', 'output'] as const) {
    const asked = (w: Workload) => w[`${side}Tokens`]
    const served = (w: Workload) => w[`${side}TokensMean`]
    const same = asked(measured) !== null && asked(measured) === asked(other)
    const far = farApart(served(measured), served(other), same ? SAME_ASKED : OTHER_LENGTHS)
    if (far === true) refused.push(`${side} tokens per request ${both((w) => digits(served(w)))}`)
    else if (differ(asked(measured), asked(other)))
      (far === undefined ? refused : noted).push(`${side} tokens asked ${both(asked)}`)
    else if (far === undefined && !same)
      noted.push(`${side} tokens per request are not known for both`)
  }
  if (differ(measured.scenario, other.scenario)) noted.push(`scenario ${both((w) => w.scenario)}`)
  const [a, b] = [measured.cachedShare, other.cachedShare]
  if (a !== null && b !== null && Math.abs(a - b) > OTHER_CACHED)
    noted.push(`${Math.round(100 * a)} % of the input from the cache, not ${Math.round(100 * b)} %`)
  return { refused, noted }
}

function differ(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a !== b
}

/** Whether two means differ by more than `most`, relative; undefined where one is not known. */
function farApart(a: number | null, b: number | null, most: number): boolean | undefined {
  if (a === null || b === null) return undefined
  const least = Math.min(a, b)
  return Math.max(a, b) - least > most * least
}

function digits(value: number | null): string {
  return value === null ? 'not known' : String(Number(value.toPrecision(3)))
}
