import type { OverloadReport, RunInfo } from '../../results/index.ts'
import { countOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import { overloadOf } from './overload.ts'
import type { Slice } from './played-slices.ts'
import { COMPLETED, createReader, some, sumOf } from './slice-reader.ts'

/**
 * Whether a phase is overloaded, from a summary: it has no answers by the time they came, but tokens, so of an answer
 * counts what came of it.
 * @param slices of the phase
 */
export function sliceOverload(
  summary: Summary,
  run: RunInfo,
  name: string,
  slices: readonly Slice[],
): OverloadReport | undefined {
  // Slices are equal, but for the last one of a run that was stopped.
  const lengths = slices.map(({ startMs, endMs }) => endMs - startMs)
  const whole = slices.filter((_, i) => lengths[i] === lengths[0])
  const read = createReader(summary, whole)
  const came = read.counts('llm_requests_started')
  const tokens = read.counts('llm_output_tokens', COMPLETED)
  const answers = countOf(summary, 'llm_requests', COMPLETED)
  const all = countOf(summary, 'llm_output_tokens', COMPLETED)
  if (!some(came) || !some(tokens) || !answers || !all) return undefined
  const flow = { came, went: tokens.map((n) => (n * answers) / all) }
  return overloadOf(run.plan, { name, lengthMs: sumOf(lengths.slice(0, whole.length)) }, flow)
}
