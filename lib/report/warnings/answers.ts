import { STREAMING_TOKENS, TRUST, trustIn } from '../../metrics/index.ts'
import { count, many, num, percent } from '../../tables/index.ts'
import { bunchText, marksBunches } from '../figures/bunches.ts'
import { countOf, trendOf } from '../summary.ts'
import { trend, warnIf } from './types.ts'
import type { Seen, Warning } from './types.ts'

const MEASURED = { measured: 'true' }

/** How the form of the answers affects the figures made from them. */
export function answerWarnings(seen: Seen): Warning[] {
  return [
    ...malformed(seen),
    ...counted(seen),
    ...bunched(seen),
    ...streamed(seen),
    ...chunked(seen),
  ]
}

function malformed({ summary }: Seen): Warning[] {
  const tags = { ...MEASURED, events: 'malformed' }
  const found = trendOf(summary, 'llm_output_tokens_per_request', tags)
  const answers = found.count === null ? 'some answers' : many(found.count, 'answer')
  return warnIf(
    found.p50 !== null,
    'malformed_events',
    () =>
      `${answers} held events that are no frame of this API: whatever tokens they brought are in no figure`,
  )
}

/** Who counted the tokens. */
function counted({ summary }: Seen): Warning[] {
  const tags = { ...MEASURED, reasoning: 'hidden' }
  const hidden = trendOf(summary, 'llm_output_tokens_per_request', tags)
  if (hidden.p50 !== null) {
    const requests = hidden.count === null ? 'some' : count(hidden.count)
    const message = `the server billed more tokens than it streamed for ${requests} requests (hidden reasoning): they have no TPOT, and their tokens are counted by chunks`
    return [{ type: 'hidden_reasoning', message }]
  }
  const completed = { ...MEASURED, outcome: 'completed' }
  const all = countOf(summary, 'llm_output_tokens', completed)
  const guessed = countOf(summary, 'llm_output_tokens', { ...completed, tokens: 'chunks' })
  return warnIf(
    all && guessed,
    'tokens_estimated',
    () =>
      `${percent((guessed ?? 0) / (all ?? 1))} of output tokens are chunks counted, as the server sent no usage, or an impossible one: TPOT and tokens/s are estimates`,
  )
}

/** Chunks that came in bunches. */
function bunched({ report: { bunches, environment } }: Seen): Warning[] {
  if (!marksBunches(bunches)) return []
  return [{ type: 'bunches', message: bunchText(bunches, environment.clock) }]
}

function streamed({ report: { measured } }: Seen): Warning[] {
  const [ttft, e2e, tpot, length] = [
    trend(measured, 'llm_ttft').p50,
    trend(measured, 'llm_e2e').p50,
    trend(measured, 'llm_tpot').p50,
    trend(measured, 'llm_output_tokens_per_request').p50,
  ]
  if (ttft === null || !e2e || length === null || length < STREAMING_TOKENS) return []
  const why =
    tpot !== null && tpot < 1
      ? 'something on the way (a proxy, a gateway) holds the answer back and TTFT is no first token'
      : 'requests wait long before they are served, or something on the way holds the answer back'
  return warnIf(
    trustIn(ttft / e2e, TRUST.ttftShareOfE2e) !== 'trustworthy',
    'not_streaming',
    () => `TTFT is ${percent(ttft / e2e)} of E2E (medians, ${count(length)} tokens): ${why}`,
  )
}

function chunked({ report: { measured } }: Seen): Warning[] {
  const [itl, tpot] = [trend(measured, 'llm_itl').avg, trend(measured, 'llm_tpot').avg]
  if (itl === null || !tpot) return []
  return warnIf(
    trustIn(itl / tpot, TRUST.tokensPerChunk) !== 'trustworthy',
    'tokens_a_chunk',
    () =>
      `the server sends about ${num(itl / tpot)} tokens per chunk without saying so: ITL is the time between chunks, TPOT the time per token (or it bills tokens that it does not stream, as hidden reasoning is: then TPOT is too small)`,
  )
}
