import { comparedPrompt } from '../../../lib/load/index.ts'
import { idleSum } from '../../../lib/metrics/index.ts'
import { randomSource } from '../../../lib/random/index.ts'
import { firstDifference } from '../../../lib/quality/index.ts'
import { requestRecord } from '../../../lib/records/index.ts'
import type { RequestRecord } from '../../../lib/records/index.ts'
import { buildReport } from '../../../lib/report/index.ts'
import type { Report, RunInfo } from '../../../lib/results/index.ts'
import { createSummarizer } from '../../../lib/runs/index.ts'
import { timingsOf } from '../../../lib/exchange/index.ts'
import { unanswered } from '../records.ts'
import { answeringServer, idleAnswers } from './answers.ts'
import type { Corruption } from './answers.ts'

/** A concurrency sweep in virtual time whose answers are all compared with those before it. */
export interface DivergenceRun {
  readonly steps: readonly number[]
  readonly answersPerStep: number
  readonly prompts: number
  readonly times: number
  readonly corruption: Corruption
  readonly limit?: number
  readonly seed: number
}

/** Mean length of an answer, and of the pause of a user before the next request, ms. */
const ANSWER_MS = 1000
const PAUSE_MS = 10

/** Plays a sweep as users who each send one request after the other, and reports it. */
export function playDivergence(run: DivergenceRun): Report {
  const { steps, answersPerStep, prompts: asked, times, seed, limit } = run
  const server = answeringServer(run.corruption, seed)
  const { prompts, facts } = idleAnswers(server, asked, times)
  const info = infoOf(run.steps, limit, idleSum([facts, { requests: asked * times }]))
  const summarizer = createSummarizer(info as never)
  let sent = 0
  for (const [i, users] of steps.entries()) {
    for (const { atMs, inFlight } of closedLoop(users, answersPerStep, seed + i)) {
      const { n, answer } = prompts[comparedPrompt(prompts.length, seed, sent++)]!
      const word = firstDifference(answer, server.answer(n, inFlight))
      summarizer.add(recordOf(`c${users}`, i * STEP_MS + (atMs % STEP_MS), sent, word))
    }
  }
  return buildReport({ summary: summarizer.summary(steps.length * STEP_MS), run: info })
}

/** When requests of a step start, from its beginning, and how many are in flight then, this one included. */
function closedLoop(users: number, requests: number, seed: number) {
  const random = randomSource(seed, `users ${users}`)
  const exponential = (mean: number) => -mean * Math.log(1 - random())
  const startMs = Array.from({ length: users }, () => exponential(PAUSE_MS))
  const endMs = startMs.map(() => 0)
  return Array.from({ length: requests }, () => {
    const user = startMs.indexOf(Math.min(...startMs))
    const atMs = startMs[user] as number
    endMs[user] = atMs + exponential(ANSWER_MS)
    const inFlight = endMs.filter((ms) => ms > atMs).length
    startMs[user] = (endMs[user] as number) + exponential(PAUSE_MS)
    return { atMs, inFlight }
  })
}

const STEP_MS = 600_000

function recordOf(phase: string, atMs: number, n: number, word: number | undefined): RequestRecord {
  const result = unanswered(atMs, undefined, atMs + ANSWER_MS, 'completed', '')
  return requestRecord(result, timingsOf(result), {
    id: String(n),
    labels: { phase, measured: true, app: 'chat', model: 'sim-model' },
    promptId: String(n),
    comparison: { word },
    originMs: 0,
    windows: [],
    limits: [],
    include: { gaps: false, text: undefined },
  })
}

function infoOf(
  steps: readonly number[],
  limit: number | undefined,
  idle: RunInfo['idle'],
): RunInfo {
  const phases = steps.map((users, i) => ({
    name: `c${users}`,
    startMs: i * STEP_MS,
    endMs: (i + 1) * STEP_MS,
    role: 'step' as const,
    measured: true,
    from: users,
    to: users,
    step: String(users),
  }))
  return {
    scenario: 'concurrency-sweep',
    config: {},
    plan: {
      shape: 'concurrency-sweep',
      loop: 'closed',
      unit: 'requests in flight',
      phases,
      endMs: steps.length * STEP_MS,
      drainMs: 0,
      peak: Math.max(...steps),
      maxVUs: Math.max(...steps),
      segment: null,
    },
    slo: { errorRate: 1, ...(limit === undefined ? {} : { divergence: limit }) },
    idle,
    clock: 'socket',
    gapSampling: 1,
    warnings: [],
  }
}
