import path from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { runRows } from '../../scripts/faults/run.ts'
import type { Played } from '../../scripts/faults/run.ts'
import { script } from '../../scripts/faults/script.ts'
import { promptOf, startScriptServer } from '../../scripts/faults/server.ts'
import { startReplay } from '../support/replay.ts'
import { streamCases } from '../support/stream-cases.ts'
import { runScenario } from './harness.ts'
import { BUILD_LIMIT_MS, canBuild, runWithoutSummary, stockK6 } from './lookalike.ts'

interface Truth {
  outcome: string
  reason?: string
  note?: string
  tokens?: number
  /** Of 20 ms per token, where it is to be told. */
  tpot?: boolean
}

const whole: Truth = { outcome: 'completed', tokens: 20, tpot: true }
const truths: Record<string, Truth> = {
  plain: whole,
  ct_json: { ...whole, note: 'content_type' },
  done_trailing_space: whole,
  eos_tail: whole,
  eos_tail_cont: whole,
  eos_tail_silent: { ...whole, note: 'last_token_estimated' },
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
  no_done: { ...whole, note: 'no_terminator' },
  open_after_done: { outcome: 'completed', tokens: 5, note: 'left_open' },
  ping_event: whole,
  reasoning_details_only: whole,
  seven_event_types: whole,
  usage_excl_reasoning: { ...whole, note: 'usage_corrected' },
  usage_in_choice_spec: { outcome: 'completed', tokens: 20 },
  usage_then_zero: { outcome: 'completed', tokens: 20, note: 'usage_corrected' },
  usage_too_low: { ...whole, note: 'usage_corrected' },
  usage_x_groq: whole,
}

/** It takes a connection that has served before: a run of its own. */
const APART = 'crash_reused'

it('has a truth for each recorded stream', () => {
  expect([...Object.keys(truths), APART].sort()).toEqual(streamCases.map((one) => one.case).sort())
})

const scripts = new Map(
  streamCases.map((one) => [one.case, script(one.reads.map(([atMs, bytes]) => ({ atMs, bytes })))]),
)

const modules = [
  ['our own socket module', true],
  ['a module like the official one', canBuild],
] as const

describe.each(modules)('a stream as a real server sent it, on %s', (name, can) => {
  const own = name === modules[0][0]
  let played: Played
  let k6: string
  beforeAll(async () => {
    if (!can) return
    k6 = own ? inject('k6') : await stockK6()
    const server = await startScriptServer((row) => scripts.get(row))
    const bundle = path.join(inject('bundles'), 'chat-steady.js')
    // Each twice: streams of one run beside each other are no measure of the machine.
    const rows = Object.keys(truths).map((row) => ({ name: row, prompt: promptOf(row) }))
    played = await runRows({ k6, bundle, url: server.url, rows, times: 2 })
    await server.close()
  }, BUILD_LIMIT_MS)

  it.for(Object.entries(truths))('%s', async ([row, truth], context) => {
    context.skip(!can)
    const records = played.records.get(row)
    expect(records?.length, played.stderr).toBeGreaterThanOrEqual(2)
    for (const record of records!) {
      const { notes = [], malformedEvents = 0, hiddenReasoning = false } = record
      expect(record).toMatchObject({ outcome: truth.outcome, reason: truth.reason ?? '' })
      // On a busy machine, handlers run once for what came one by one.
      const held = (note: string) => !own && note === 'first_token_held' && note !== truth.note
      expect(notes.filter((note) => !held(note))).toEqual(
        truth.note === undefined ? [] : [truth.note],
      )
      expect({ malformedEvents, hiddenReasoning }).toEqual({
        malformedEvents: 0,
        hiddenReasoning: false,
      })
      if (truth.tokens !== undefined) expect(record.outputTokens).toBe(truth.tokens)
      if (truth.outcome !== 'completed') continue
      // Each began at 120 ms; a busy machine adds to it.
      expect(record.ttftMs).toBeGreaterThan(119)
      expect(record.ttftMs).toBeLessThan(600)
    }
    if (truth.tpot !== true) return
    // A busy machine adds to it where the last token is late, and takes from it where the first one is.
    const tpots = records!.map(({ tpotMs }) => tpotMs ?? NaN)
    expect(Math.max(...tpots)).toBeGreaterThan(15)
    expect(Math.min(...tpots)).toBeLessThan(30)
  })

  it(`${APART}: lost requests are failures, none is sent again unsaid`, async (context) => {
    context.skip(!can)
    const replay = await startReplay()
    const env = { PREFLIGHT: 'off', RATE: undefined, CONCURRENCY: '1', DURATION: '4s' }
    const scenario = {
      scenario: 'chat-steady',
      env: { BASE_URL: replay.url, MODEL: APART, ...env },
    }
    const { report, stdout } = await (own
      ? runScenario({ ...scenario, k6 })
      : runWithoutSummary(k6, scenario))
    await replay.close()
    const { outcomes, warnings } = report!
    expect(warnings.map(({ type }) => type)).not.toContain('resent')
    if (!own) {
      // A connection ends with its iteration, so none is ever used again.
      expect(outcomes, stdout).toMatchObject([{ outcome: 'completed' }])
      return
    }
    expect(outcomes, stdout).toMatchObject([
      { outcome: 'completed' },
      { outcome: 'connect_error', reasons: [{ reason: 'connection_reset' }] },
    ])
    expect(Math.abs(outcomes[0]!.count - outcomes[1]!.count)).toBeLessThanOrEqual(1)
  })
})

it('a body left open costs no closed loop its pace', async () => {
  const replay = await startReplay()
  const { report } = await runScenario({
    scenario: 'chat-steady',
    env: {
      BASE_URL: replay.url,
      MODEL: 'open_after_done',
      PREFLIGHT: 'off',
      RATE: undefined,
      CONCURRENCY: '1',
      DURATION: '4s',
    },
  })
  await replay.close()
  // 200 ms each, and up to 50 with the reads that the socket module gathers: about 16. A second of waiting
  // for the end of the body made it 3.
  expect(report!.total.completed).toBeGreaterThan(4)
})
