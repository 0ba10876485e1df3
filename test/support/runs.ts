import type { ExchangeResult } from '../../lib/exchange/index.ts'
import type { RunRecord } from '../../lib/records/index.ts'
import type { Sent } from './played.ts'
import { answer, headOf, ORIGIN_MS } from './records.ts'

/** A run whose every request is known. */
export interface PlayedRun {
  head: RunRecord
  sent: readonly Sent[]
  elapsedMs: number
}

type Phases = RunRecord['run']['plan']['phases']

const PHASES: Phases = [
  { name: 'warm-up', role: 'warmup', startMs: 0, endMs: 4_000, measured: false, from: 10, to: 10 },
  { name: 'steady', role: 'main', startMs: 4_000, endMs: 20_000, measured: true, from: 10, to: 10 },
]
const STEPS = [5, 10, 15, 20, 25].map((level, i) => ({
  name: `step-${i + 1}`,
  role: 'step' as const,
  startMs: 2_000 + i * 4_000,
  endMs: 6_000 + i * 4_000,
  measured: true,
  from: level,
  to: level,
  step: String(level),
}))
const SWEEP: Phases = [
  { name: 'warm-up', role: 'warmup', startMs: 0, endMs: 2_000, measured: false, from: 5, to: 5 },
  ...STEPS,
]

const DRAIN_MS = 3_000

/** Runs of every kind that figures are read of. */
export const RUNS: Readonly<Record<string, PlayedRun>> = {
  whole: playing(PHASES, {}),
  'stopped early': playing(PHASES, { stoppedMs: 11_234.567 }),
  'limited by the client': playing(PHASES, { lateMs: 140.25 }),
  sweep: playing(SWEEP, {
    plan: { shape: 'rate-sweep' },
    rate: (atMs) => STEPS.find(({ endMs }) => atMs < endMs)?.from ?? 25,
  }),
  'closed loop': playing(PHASES, {
    plan: { shape: 'steady', loop: 'closed', unit: 'requests in flight' },
    closed: true,
  }),
  conversations: playing(PHASES, { turns: 4 }),
}

interface Playing {
  plan?: object
  /** The run is stopped so far into the load. */
  stoppedMs?: number
  /** Every third request starts so late. */
  lateMs?: number
  closed?: boolean
  turns?: number
  rate?: (atMs: number) => number
}

function playing(
  phases: Phases,
  { plan = {}, stoppedMs, lateMs = 0.4, closed = false, turns, rate = () => 10 }: Playing,
): PlayedRun {
  const groups = [
    { tag: 'app', values: ['chat', 'rag'] },
    ...(turns === undefined ? [] : [{ tag: 'turn', values: ['1', '2', '3', '4'] }]),
  ]
  const head = headOf(phases, { plan, run: { groups } })
  const endMs = phases[phases.length - 1]!.endMs
  const elapsedMs = stoppedMs ?? endMs + DRAIN_MS
  const sent: Sent[] = []
  for (
    let i = 0, atMs = 0.25;
    atMs < Math.min(endMs, elapsedMs);
    atMs = ns(atMs + 1000 / rate(atMs)), i++
  ) {
    const late = i % 3 === 0 ? lateMs : 0.125
    const result = resultOf(i, atMs, closed ? 0 : late)
    if (!closed) result.marks.dueMs = ORIGIN_MS + atMs
    const done = result.marks.endMs - ORIGIN_MS <= elapsedMs
    const cause = { waited: i % 2 === 0 }
    sent.push({
      id: `load/${i}`,
      atMs,
      result: done ? result : undefined,
      app: i % 4 === 0 ? 'rag' : 'chat',
      asked: { inputTokens: 98 + (i % 9), outputTokens: 1 + ((i * 7) % 40) },
      client: {
        latenessMs: undefined,
        pauseMs: 0,
        delayMs: ns((i % 17) / 9),
        overshootMs: ns(0.1 + (i % 13) / 7),
        ...cause,
      },
      ...(turns !== undefined && { turn: 1 + (i % turns), session: `s${Math.floor(i / turns)}` }),
    })
  }
  // k6 starts a phase's first request a moment before it: its scenario decides what it is of.
  const first = phases.find(({ measured }) => measured)!
  const early = sent.find(({ atMs }) => atMs >= first.startMs)!
  const moved = first.startMs - 0.2 - early.atMs
  early.atMs += moved
  early.phase = first.name
  if (early.result !== undefined) shift(early.result, moved)
  return { head, sent, elapsedMs }
}

/** On the grid of k6's clock, which counts nanoseconds. */
function ns(ms: number): number {
  return Math.round(ms * 1e6) / 1e6
}

/** Fast and slow answers of all lengths, and every way to fail. */
function resultOf(i: number, atMs: number, lateMs: number): ExchangeResult {
  const ttftMs = ns(80.123_457 + ((i * 37) % 101) * 1.709_3)
  const gapMs = ns(7.300_01 + ((i * 13) % 17) / 7)
  const tokens = i % 19 === 0 ? 1 : 1 + ((i * 7) % 40)
  const made = answer(atMs + lateMs, ttftMs, gapMs, tokens)
  if (i % 23 === 5) return failing(made, 'http_error', 'http_503', 0)
  if (i % 29 === 7) return failing(made, 'timeout', 'idle_timeout', Math.min(3, tokens))
  if (i % 31 === 11) return failing(made, 'aborted', 'not_encodable', Math.min(2, tokens))
  if (i % 17 === 3) return { ...made, usage: undefined, tokenSource: 'chunks' }
  return made
}

function failing(
  made: ExchangeResult,
  outcome: ExchangeResult['outcome'],
  reason: string,
  chunks: number,
): ExchangeResult {
  const chunkTimesMs = made.chunkTimesMs.slice(0, chunks)
  return {
    ...made,
    outcome,
    reason,
    chunkTimesMs,
    chunks,
    usage: undefined,
    tokenSource: chunks > 0 ? 'chunks' : 'none',
    outputTokens: chunks,
    marks: {
      ...made.marks,
      firstTokenMs: chunkTimesMs[0],
      firstAnswerMs: chunkTimesMs[0],
      lastTokenMs: chunkTimesMs[chunks - 1],
    },
  }
}

function shift(result: ExchangeResult, byMs: number): void {
  const { marks } = result
  for (const [name, value] of Object.entries(marks)) {
    if (value !== undefined && name !== 'connectingMs') marks[name as 'endMs'] = value + byMs
  }
  result.chunkTimesMs = result.chunkTimesMs.map((ms) => ms + byMs)
}
