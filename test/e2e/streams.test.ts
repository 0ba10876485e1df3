import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TrendStats } from '../../lib/results/index.ts'
import { startReplay } from '../support/replay.ts'
import { streamCases } from '../support/stream-cases.ts'
import { runScenario } from './harness.ts'

let replay: Awaited<ReturnType<typeof startReplay>>
beforeAll(async () => {
  replay = await startReplay()
})
afterAll(() => replay.close())

interface Truth {
  outcome: string
  reason?: string
  warning?: string
  tokens?: number
  /** Of 20 ms per token, where it is to be told. */
  tpot?: boolean
}

const whole: Truth = { outcome: 'completed', tokens: 20, tpot: true }
const truths: Record<string, Truth> = {
  plain: whole,
  ct_json: { ...whole, warning: 'content_type' },
  done_trailing_space: whole,
  eos_tail: whole,
  eos_tail_cont: whole,
  eos_tail_silent: { ...whole, warning: 'last_token_estimated' },
  err_empty_string: whole,
  err_event_code_details: { outcome: 'stream_error', reason: 'error_event' },
  err_event_flat: { outcome: 'stream_error', reason: 'error_event' },
  err_frame: { outcome: 'stream_error', reason: 'error_event' },
  err_unframed: { outcome: 'stream_error', reason: 'error_event' },
  finish_abort: { outcome: 'truncated', reason: 'finish_abort' },
  finish_content_filter: { outcome: 'truncated', reason: 'content_filter' },
  finish_error: { outcome: 'stream_error', reason: 'finish_error' },
  html_200_sometimes: { outcome: 'stream_error', reason: 'not_streaming' },
  max_completion_only: { outcome: 'http_error', reason: 'http_400' },
  no_done: { ...whole, warning: 'no_terminator' },
  open_after_done: { outcome: 'completed', tokens: 5, warning: 'left_open' },
  ping_event: whole,
  reasoning_details_only: whole,
  seven_event_types: whole,
  usage_excl_reasoning: { ...whole, warning: 'usage_corrected' },
  usage_in_choice_spec: { outcome: 'completed', tokens: 20 },
  usage_then_zero: { outcome: 'completed', tokens: 20, warning: 'usage_corrected' },
  usage_too_low: { ...whole, warning: 'usage_corrected' },
  usage_x_groq: whole,
}

const noted = new Set(Object.values(truths).map(({ warning }) => warning))
noted.add('malformed_events').add('hidden_reasoning')

function run(model: string, env: Record<string, string | undefined> = {}) {
  return runScenario({
    scenario: 'chat-steady',
    env: { BASE_URL: replay.url, MODEL: model, PREFLIGHT: 'off', RATE: '4', ...env },
  })
}

describe.concurrent('a stream as a real server sent it', () => {
  it('has a truth each', () => {
    const apart = ['crash_reused']
    expect([...Object.keys(truths), ...apart].sort()).toEqual(streamCases.map((o) => o.case).sort())
  })

  it.for(Object.entries(truths))('%s', async ([model, truth], { expect: check }) => {
    const { report, stdout, stderr } = await run(model)
    check(report, stdout + stderr).toBeDefined()
    const { outcomes, warnings, total } = report!
    check(outcomes).toMatchObject([{ outcome: truth.outcome }])
    if (truth.reason !== undefined) {
      check(outcomes[0]!.reasons).toMatchObject([{ reason: truth.reason }])
    }
    const said = warnings.map(({ type }) => type).filter((type) => noted.has(type))
    check(said).toEqual(truth.warning === undefined ? [] : [truth.warning])
    const { tokens } = truth
    if (tokens !== undefined) {
      const counted = total.metrics['llm_output_tokens_per_request']
      check(counted).toMatchObject({ min: tokens, max: tokens })
    }
    if (truth.tpot !== true) return
    const tpot = total.metrics['llm_tpot'] as TrendStats
    check(tpot.p50).toBeGreaterThan(18)
    check(tpot.p50).toBeLessThan(30)
  })

  it('crash_reused: lost requests are failures, none is sent again unsaid', async ({
    expect: check,
  }) => {
    const { report, stdout } = await run('crash_reused', {
      RATE: undefined,
      CONCURRENCY: '1',
      DURATION: '4s',
    })
    const { outcomes, warnings } = report!
    check(outcomes, stdout).toMatchObject([
      { outcome: 'completed' },
      { outcome: 'connect_error', reasons: [{ reason: 'connection_reset' }] },
    ])
    check(Math.abs(outcomes[0]!.count - outcomes[1]!.count)).toBeLessThanOrEqual(1)
    check(warnings.map(({ type }) => type)).not.toContain('resent')
  })
})

it('a body left open costs no closed loop its pace', async () => {
  const { report } = await run('open_after_done', {
    RATE: undefined,
    CONCURRENCY: '1',
    DURATION: '4s',
  })
  // 200 ms each, at most 500 with the reads that the socket module gathers: 8 to 19. A second of
  // waiting for the end of the body made it 3.
  expect(report!.total.completed).toBeGreaterThan(4)
})
