import * as z from 'zod/mini'
import type { Report } from './index.ts'
import { ANSWER_LISTS, REVIEW_MARKS } from './answers-types.ts'

// Unknown fields are allowed, so that a later version can add some.

const figure = z.nullable(z.number())
const text = z.nullable(z.string())

const interval = z.object({
  low: figure,
  high: figure,
  effectiveSamples: figure,
  needs: figure,
})

const trend = z.object({
  kind: z.literal('trend'),
  count: figure,
  avg: figure,
  min: figure,
  p50: figure,
  p90: figure,
  p95: figure,
  p99: figure,
  max: figure,
})

const stats = z.discriminatedUnion('kind', [
  trend,
  z.object({ kind: z.literal('counter'), count: figure }),
  z.object({ kind: z.literal('rate'), rate: figure, passes: figure, total: figure }),
  z.object({ kind: z.literal('gauge'), value: figure, min: figure, max: figure }),
])

const scope = z.object({
  name: z.string(),
  measured: z.boolean(),
  lengthMs: z.number(),
  asked: figure,
  started: figure,
  finished: figure,
  completed: figure,
  failed: figure,
  cancelled: figure,
  aborted: figure,
  startedPerS: figure,
  completedPerS: figure,
  inFlight: figure,
  outputTokensPerS: figure,
  inputTokensPerS: figure,
  textsPerS: figure,
  failedTokens: figure,
  cancelledTokens: figure,
  tokensPerSPerUser: figure,
  good: figure,
  goodPerS: figure,
  goodShare: figure,
  errorRate: figure,
  cachedShare: figure,
  dropped: figure,
  judgeScore: z.optional(figure),
  metrics: z.record(z.string(), stats),
  intervals: z.optional(z.record(z.string(), interval)),
})

const steady = z.object({
  phase: z.string(),
  status: z.enum(['steady', 'after_start', 'drifts', 'no_value']),
  subject: z.enum(['TTFT', 'E2E']),
  fromMs: figure,
  cut: z.number(),
  early: figure,
  late: figure,
  block: z.nullable(
    z.pick(scope, {
      name: true,
      lengthMs: true,
      completedPerS: true,
      outputTokensPerS: true,
      tokensPerSPerUser: true,
      goodPerS: true,
      goodShare: true,
      errorRate: true,
      metrics: true,
      intervals: true,
    }),
  ),
})

const overload = z.object({ phase: z.string(), camePerS: z.number(), answeredPerS: z.number() })

const outcome = z.object({
  outcome: z.string(),
  count: z.number(),
  share: figure,
  reasons: z.array(
    z.object({ reason: z.string(), count: z.number(), example: z.optional(z.string()) }),
  ),
})

const sloVerdict = z.object({
  id: z.string(),
  title: z.string(),
  selector: z.string(),
  expression: z.string(),
  limit: z.number(),
  unit: z.enum(['ms', 'share', 'requests']),
  direction: z.enum(['at most', 'at least', 'more than']),
  value: figure,
  samples: figure,
  verdict: z.enum(['kept', 'missed', 'undecided', 'unclear', 'no_value']),
  builtIn: z.boolean(),
  note: z.string(),
  interval: z.optional(z.nullable(interval)),
  thresholdKept: z.optional(z.nullable(z.boolean())),
  more: z.optional(z.nullable(z.object({ samples: z.number(), ms: figure }))),
})

const slice = z.object({
  slice: z.string(),
  phase: z.string(),
  startMs: z.number(),
  endMs: z.number(),
  started: figure,
  completed: figure,
  errorRate: figure,
  cachedShare: figure,
  ttft: trend,
  tpot: trend,
  itl: z.nullable(trend),
  e2e: z.nullable(trend),
  held: z.nullable(z.boolean()),
})

const recovery = z.object({
  status: z.enum(['recovered', 'not_recovered', 'no_value']),
  timeMs: figure,
  watchedMs: z.number(),
  resolutionMs: z.number(),
  note: z.string(),
})

const steadiness = z.object({
  phase: z.string(),
  subject: z.enum(['TTFT', 'TPOT', 'cached share']),
  status: z.enum(['steady', 'not_steady', 'no_value']),
  change: figure,
  p: figure,
  slices: z.number(),
  moving: z.number(),
  advice: z.string(),
})

const client = z.object({
  status: z.enum(['trustworthy', 'degraded', 'limited', 'no_value']),
  cause: z.nullable(z.enum(['machine', 'vus'])),
  reasons: z.array(z.string()),
  latenessP99Ms: figure,
  latenessMaxMs: figure,
  timerOvershootP99Ms: figure,
  handlerDelayP99Ms: figure,
  lateNoVu: z.number(),
  lateClient: z.number(),
  dropped: figure,
})

const bound = z.object({
  variable: z.enum(['MAX_REQUESTS', 'MAX_OUTPUT_TOKENS_TOTAL', 'MAX_SPEND']),
  limit: z.number(),
  used: figure,
  ended: z.boolean(),
})

const bunches = z.object({
  answers: z.number(),
  share: figure,
  chunksEach: figure,
  firstTokenHeld: z.number(),
})

const lengths = z.object({
  inputAsWanted: figure,
  inputMissP95: figure,
  outputAsWanted: figure,
  outputWantedMean: figure,
  outputMean: figure,
})

const sweep = z.object({
  steps: z.array(
    z.object({
      level: z.number(),
      phase: z.string(),
      completedPerS: figure,
      outputTokensPerS: figure,
      inFlight: figure,
      errorRate: figure,
      e2eMeanMs: figure,
      power: figure,
      keepsSlo: z.nullable(z.boolean()),
    }),
  ),
  knee: figure,
  note: z.string(),
  bestWithinSlo: figure,
})

const endpoint = z.object({
  endpoint: z.string(),
  started: figure,
  share: figure,
  wantedShare: z.number(),
  completed: figure,
  errorRate: figure,
  ttftP50Ms: figure,
  ttftP95Ms: figure,
  outageFromMs: figure,
  outageMs: figure,
  recovered: z.nullable(z.boolean()),
  intervals: z.optional(z.record(z.string(), interval)),
})

const group = z.object({
  by: z.enum(['app', 'turn']),
  name: z.string(),
  started: z.number(),
  completed: figure,
  errorRate: figure,
  ttftP50Ms: figure,
  ttftP95Ms: figure,
  tpotP50Ms: figure,
  e2eP50Ms: figure,
  inputTokensMean: figure,
  outputTokensMean: figure,
  cachedShare: figure,
  intervals: z.optional(z.record(z.string(), interval)),
})

const firstAndLast = z.object({ first: figure, last: figure })
const share = { share: figure, low: figure, high: figure }

const judge = z.object({
  model: z.string(),
  api: z.string(),
  url: z.string(),
  judgedAt: z.string(),
  scale: z.object({ from: z.number(), to: z.number() }),
  pass: z.number(),
  answers: z.number(),
  scored: z.number(),
  badFormat: z.number(),
  timedOut: z.number(),
  failed: z.number(),
  meanRating: figure,
  requests: z.number(),
  badReplies: z.number(),
  inputTokens: z.number(),
  cachedTokens: z.number(),
  outputTokens: z.number(),
  uncounted: z.number(),
  cost: figure,
  costAtMost: figure,
  currency: text,
  consistency: z.nullable(z.object({ answers: z.number(), same: z.number(), ...share })),
})

const quality = z.object({
  scores: z.array(
    z.object({
      by: z.enum(['measured', 'phase', 'app', 'turn', 'endpoint']),
      name: z.string(),
      measured: z.boolean(),
      grader: z.string(),
      graded: z.number(),
      passed: z.number(),
      score: figure,
      low: figure,
      high: figure,
      confidence: z.number(),
    }),
  ),
  reasons: z.array(z.object({ grader: z.string(), reason: z.string(), count: z.number() })),
  failures: z.array(z.object({ grader: z.string(), count: z.number() })),
  judge: z.optional(judge),
})

const answers = z.object({
  kept: z.number(),
  lists: z.array(
    z.object({ list: z.enum(ANSWER_LISTS), count: z.number(), ids: z.array(z.string()) }),
  ),
  reviews: z.array(z.object({ id: z.string(), mark: z.enum(REVIEW_MARKS), at: z.string() })),
  texts: z.optional(
    z.array(
      z.object({
        id: z.string(),
        prompt: z.string(),
        promptCut: z.optional(z.number()),
        answer: z.string(),
        answerCut: z.optional(z.number()),
        toolCalls: z.optional(z.array(z.object({ name: z.string(), arguments: z.string() }))),
        expected: z.optional(z.array(z.string())),
      }),
    ),
  ),
})

const divergence = z.object({
  idle: z.object({
    prompts: z.number(),
    unanswered: z.number(),
    unstable: z.number(),
    repeated: z.number(),
    differed: z.number(),
    ...share,
  }),
  parts: z.array(
    z.object({
      by: z.enum(['measured', 'phase', 'endpoint']),
      name: z.string(),
      measured: z.boolean(),
      compared: z.number(),
      differed: z.number(),
      ...share,
      excess: figure,
      excessLow: figure,
      excessHigh: figure,
      certain: z.boolean(),
      word: figure,
    }),
  ),
  confidence: z.number(),
})

const drift = z.object({
  slicesEach: z.number(),
  ttftP50Ms: firstAndLast,
  ttftP95Ms: firstAndLast,
  tpotP50Ms: firstAndLast,
  errorRate: firstAndLast,
})

const server = z.object({
  phases: z.array(
    z.object({
      phase: z.string(),
      measured: z.boolean(),
      runningMax: figure,
      waitingMax: figure,
      kvCacheUsageMax: figure,
      preemptions: figure,
      prefixHitRate: figure,
      gpuUtilisationMax: figure,
      gpuMemoryUsedMax: figure,
      gpuPowerMax: figure,
      gpuEnergyJ: figure,
    }),
  ),
  joulesPerToken: figure,
  findings: z.array(z.string()),
})

const pods = z.object({
  segments: z.array(z.string()),
  missing: z.array(z.string()),
  cut: z.array(z.object({ segment: z.string(), atMs: z.number() })),
  lost: z.optional(z.array(z.string())),
  skewMs: z.number(),
  notes: z.array(z.string()),
  doubts: z.array(z.string()),
})

const own = z.object({
  checks: z.array(
    z.object({ group: z.string(), name: z.string(), passes: z.number(), fails: z.number() }),
  ),
  thresholds: z.array(
    z.object({ metric: z.string(), expression: z.string(), ok: z.nullable(z.boolean()) }),
  ),
  metrics: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      contains: z.string(),
      values: z.record(z.string(), z.number()),
    }),
  ),
})

/** A results file. `null` is "no value"; times are ms, shares 0-1; docs/results.md has the formulas. */
export const resultsSchema = z.object({
  format: z.literal('k6-inference-report'),
  version: z.literal(1),
  verdict: z.object({
    status: z.enum(['passed', 'failed', 'undecided', 'unclear', 'no_limits', 'no_load']),
    headline: z.string(),
    reasons: z.array(z.string()),
  }),
  run: z.object({
    scenario: z.string(),
    testid: text,
    startedAt: text,
    durationMs: figure,
    plannedMs: z.number(),
    endedEarly: z.boolean(),
    aborted: z.nullable(z.object({ where: z.string(), reason: z.string() })),
  }),
  environment: z.object({
    k6Version: text,
    model: text,
    server: text,
    clock: z.nullable(z.enum(['socket', 'handler', 'buffered'])),
    gapSampling: z.number(),
    config: z.record(z.string(), z.unknown()),
  }),
  load: z.object({
    shape: z.string(),
    loop: z.enum(['open', 'closed']),
    unit: z.string(),
    peak: z.number(),
    maxVUs: z.number(),
    drainMs: z.number(),
    segment: text,
    workload: z.optional(
      z.nullable(z.object({ schedule: z.string(), lengths: z.string(), prompts: z.string() })),
    ),
  }),
  certainty: z.optional(
    z.object({
      confidence: z.number(),
      source: z.enum(['records', 'slices', 'none']),
      strict: z.boolean(),
    }),
  ),
  steady: z.optional(z.array(steady)),
  overload: z.optional(z.array(overload)),
  measured: scope,
  total: scope,
  phases: z.array(scope),
  outcomes: z.array(outcome),
  finishes: z.array(z.object({ finish: z.string(), count: z.number() })),
  slo: z.array(sloVerdict),
  droppedIterations: figure,
  inFlightAtEnd: figure,
  recovery: z.nullable(recovery),
  steadiness: z.array(steadiness),
  slices: z.array(slice),
  client,
  bounds: z.array(bound),
  bunches: z.nullable(bunches),
  lengths: z.nullable(lengths),
  sweep: z.nullable(sweep),
  endpoints: z.array(endpoint),
  groups: z.array(group),
  drift: z.nullable(drift),
  quality: z.optional(z.nullable(quality)),
  divergence: z.optional(z.nullable(divergence)),
  answers: z.optional(answers),
  server: z.nullable(server),
  pods: z.nullable(pods),
  warnings: z.array(z.object({ type: z.string(), message: z.string() })),
  own,
})

/** Checked in both directions: a field that only the schema or only the model has does not compile. */
type Schema = z.infer<typeof resultsSchema>
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
type Holds<T extends true> = T
export type SchemaIsTheModel = Holds<Same<Schema, Report>>
