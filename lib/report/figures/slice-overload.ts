import type { OverloadReport, RunInfo } from '../../results/index.ts'
import { countOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import { overloadOf } from './overload.ts'
import type { Slice } from './played-slices.ts'
import { COMPLETED, createReader, some } from './slice-reader.ts'

/** Lengths of equal slices differ by what fractions of a millisecond are rounded to. */
const ROUNDING_MS = 1

/**
 * Whether a phase is overloaded, from a summary: it has no answers by the time they came, but tokens, so of an answer
 * counts what came of it. Those that failed, or were left, bring no tokens and wait in no queue: only requests that
 * completed count as having come.
 * @param slices of the phase
 */
export function sliceOverload(
  summary: Summary,
  run: RunInfo,
  name: string,
  slices: readonly Slice[],
): OverloadReport | undefined {
  const lengthOf = ({ startMs, endMs }: Slice) => endMs - startMs
  const lengthMs = Math.max(0, ...slices.map(lengthOf))
  // Slices are equal, but for the last one of a run that was stopped.
  const whole = slices.filter((slice) => lengthMs - lengthOf(slice) < ROUNDING_MS)
  const read = createReader(summary, whole)
  const came = read.counts('llm_requests', COMPLETED)
  const tokens = read.counts('llm_output_tokens', COMPLETED)
  const answers = countOf(summary, 'llm_requests', COMPLETED)
  const all = countOf(summary, 'llm_output_tokens', COMPLETED)
  if (!some(came) || !some(tokens) || !answers || !all) return undefined
  const flow = { came, went: tokens.map((n) => (n * answers) / all) }
  return overloadOf(run.plan, { name, lengthMs: lengthMs * whole.length }, flow)
}
