import { TRUST, trustIn } from '../../metrics/index.ts'
import { count, num, percent } from '../../tables/index.ts'
import { countOf, trendOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import type { BunchReport, ScopeReport } from '../../results/index.ts'

const MEASURED = { measured: 'true' }

/** Figures that rest on the time of the first token, and those that rest on the time of each. */
export const OF_FIRST_TOKEN: readonly string[] = ['llm_ttft', 'llm_ttfo', 'llm_ttft_due']
export const OF_EACH_TOKEN: readonly string[] = ['llm_itl', 'llm_icl']

/** Answers of the measured phases whose chunks came in bunches; null when none did. */
export function bunchReport(
  summary: Summary,
  { completed }: Pick<ScopeReport, 'completed'>,
): BunchReport | null {
  const sizes = trendOf(summary, 'llm_chunks_per_bunch', MEASURED)
  // The machine-readable summary gives no number of samples: then it may have been every answer.
  const answers = sizes.count ?? (sizes.p50 === null ? 0 : (completed ?? 0))
  if (answers === 0) return null
  const heldTags = { ...MEASURED, note: 'first_token_held' }
  return {
    answers,
    share: completed ? answers / completed : null,
    chunksEach: sizes.p50,
    firstTokenHeld: countOf(summary, 'llm_request_notes', heldTags) ?? 0,
  }
}

/** Whether so many answers came in bunches that the figures of single tokens are marked. */
export function marksBunches(bunches: BunchReport | null): bunches is BunchReport {
  return bunches !== null && trustIn(bunches.share ?? 1, TRUST.bunchedShare) !== 'trustworthy'
}

/** What the bunches do to the figures, and which of them still hold. */
export function bunchText(
  { share, chunksEach, answers, firstTokenHeld }: BunchReport,
  clock: string | null,
): string {
  const gaps = chunksEach === null ? '' : ` (${percent(1 - 1 / chunksEach)} of their gaps are 0 ms)`
  const held =
    firstTokenHeld === 0
      ? ''
      : `; the first token of ${count(firstTokenHeld)} was held until its bunch was whole, so their TTFT is too long`
  const client = clock === 'handler' ? ', or this client reads too late' : ''
  return (
    `chunks of ${percent(share)} of answers (${count(answers)}) came in bunches of about ${num(chunksEach)}${gaps}: ` +
    `something on the way buffers, the server's own loop is full, or it sends the tokens of a step together${client}. ` +
    `ITL says nothing about single tokens${held}. E2E, throughput, errors and TPOT (from the first bunch on) hold`
  )
}
