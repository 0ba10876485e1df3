import { NO_TAGS, type AddSample } from './adding.ts'
import { nextGap } from './gaps.ts'
import { LATENCIES } from './latencies.ts'
import { outcomeKind } from './outcomes.ts'
import { meetsSlo, type RequestLimit } from './goodput.ts'
import type {
  FinishedRequest,
  MetricDef,
  Sample,
  TimingField,
  TimingValues,
  Window,
} from './types.ts'
import { flightByWindow, receivedTokens, tokensByWindow } from './windows.ts'
import type { WindowShare } from './windows.ts'

export interface SampleContext {
  /** Contiguous windows on the clock of the marks; see `windowsOf`. */
  windows: readonly Window[]
  /** Slice of the request's due time, where its phase is cut into slices. */
  slice: string | undefined
  limits: readonly RequestLimit[]
  /** Probability with which a gap enters `llm_icl` and `llm_itl`. */
  gapSampling: number
  /** Uniform in [0, 1), seeded by the caller. */
  random: () => number
}

type Tags = Readonly<Record<string, string>>
type Plain = Exclude<TimingField, 'iclMs' | 'itlMs'>

const timed = (LATENCIES as readonly MetricDef[])
  .filter(({ timing }) => timing !== 'iclMs' && timing !== 'itlMs')
  .map(({ name, timing, completedOnly, tags }) => ({
    name,
    timing: timing as Plain,
    completedOnly,
    bySource: tags.includes('tokens'),
  }))

/**
 * Everything that a finished request adds to the metrics, in the catalogue's units. Pure but for
 * `ctx.random`. A failed request adds counts, its lateness, its time in flight and its partial
 * tokens (tagged with the outcome), never a latency.
 * @param add called once a sample; tags come on top of the request's labels (phase, measured, …)
 */
export function eachSample(
  request: FinishedRequest,
  timings: TimingValues,
  ctx: SampleContext,
  add: AddSample,
): void {
  const completed = request.outcome === 'completed'
  const slice: Tags = ctx.slice === undefined ? NO_TAGS : { slice: ctx.slice }
  const tokens = { tokens: request.tokenSource === 'usage' ? 'usage' : 'chunks' }
  const counted = withSlice({ ...tokens }, ctx.slice)

  for (let i = 0; i < timed.length; i++) {
    const def = timed[i]!
    const value = timings[def.timing]
    if (value === undefined || (def.completedOnly && !completed)) continue
    add(def.name, value, def.bySource ? counted : slice)
  }
  if (completed) {
    const gaps = request.chunkTimesMs.length - 1
    const { gapSampling, random } = ctx
    for (let i = -1; (i = nextGap(i, gapSampling, random)) < gaps;)
      add('llm_icl', timings.iclAtMs(i), slice)
    for (let i = -1; (i = nextGap(i, gapSampling, random)) < gaps;)
      add('llm_itl', timings.itlAtMs(i), slice)
  }
  addCounts(request, timings, ctx, slice, add)
  addTokens(request, ctx, completed, tokens, add)
}

/**
 * Puts a request's labels under each sample's tags. Tag objects of one request are shared, so the
 * merged ones are kept: making one anew for every gap costs more than k6's own `add`.
 */
export function labelled(labels: Readonly<Record<string, string>>, add: AddSample): AddSample {
  const merged = new Map<Readonly<Record<string, string>>, Readonly<Record<string, string>>>()
  return (metric, value, tags) => {
    let all = merged.get(tags)
    if (all === undefined) {
      all = { ...labels, ...tags }
      merged.set(tags, all)
    }
    add(metric, value, all)
  }
}

/** `eachSample` as a list. */
export function samplesOf(
  request: FinishedRequest,
  timings: TimingValues,
  ctx: SampleContext,
): Sample[] {
  const samples: Sample[] = []
  eachSample(request, timings, ctx, (metric, value, tags) => samples.push({ metric, value, tags }))
  return samples
}

/** What the start of a request adds. */
export function startSamples(slice: string | undefined, add: AddSample): void {
  add('llm_requests_started', 1, slice === undefined ? NO_TAGS : { slice })
  add('llm_requests_in_flight', 1, NO_TAGS)
}

/**
 * Zeros that open the known counter series: Prometheus' `increase` does not see a series' first
 * push, so without them the first requests of each phase are lost to the dashboards.
 */
export function zeroSamples(phases: readonly { name: string; measured: boolean }[]): Sample[] {
  return phases.flatMap(({ name, measured }) => {
    const tags = { phase: name, measured: String(measured) }
    return [
      { metric: 'llm_requests_started', value: 0, tags },
      { metric: 'llm_requests_in_flight', value: 0, tags },
      { metric: 'llm_requests', value: 0, tags: { ...tags, outcome: 'completed', reason: '' } },
      { metric: 'llm_requests_good', value: 0, tags },
      {
        metric: 'llm_output_tokens',
        value: 0,
        tags: { ...tags, outcome: 'completed', tokens: 'usage' },
      },
    ]
  })
}

function addCounts(
  request: FinishedRequest,
  timings: TimingValues,
  ctx: SampleContext,
  slice: Tags,
  add: AddSample,
): void {
  const { outcome, reason } = request
  const completed = outcome === 'completed'
  add('llm_requests', 1, withSlice({ outcome, reason }, ctx.slice))
  add('llm_requests_in_flight', -1, NO_TAGS)
  for (const note of request.notes) add('llm_request_notes', 1, { note })
  if (request.finish !== undefined) add('llm_finish_reasons', 1, { finish: request.finish })
  // What the client itself gave up says nothing about the server: neither failed nor good.
  const judged = outcomeKind(outcome) !== 'aborted'
  if (judged) add('llm_request_failed', completed ? 0 : 1, slice)
  if (ctx.limits.length > 0) {
    const good = completed && meetsSlo(timings, ctx.limits)
    if (good) add('llm_requests_good', 1, slice)
    if (judged) add('llm_request_good', good ? 1 : 0, NO_TAGS)
  }
  for (const share of flightByWindow(request, ctx.windows)) {
    add('llm_in_flight_time', share.value, windowTags(share))
  }
}

function addTokens(
  request: FinishedRequest,
  ctx: SampleContext,
  completed: boolean,
  tokens: Tags,
  add: AddSample,
): void {
  const { usage, outcome } = request
  if (completed && usage?.input !== undefined) {
    add('llm_input_tokens_per_request', usage.input, NO_TAGS)
  }
  if (completed && request.tokenSource !== 'none') {
    const odd = request.hiddenReasoning || request.malformedEvents > 0
    add(
      'llm_output_tokens_per_request',
      request.outputTokens,
      odd ? oddTags(request, tokens) : tokens,
    )
  }
  if (completed && request.bunches !== undefined) {
    add('llm_chunks_per_bunch', request.chunks / request.bunches, NO_TAGS)
  }
  if (usage !== undefined) {
    const tags = withSlice({ outcome }, ctx.slice)
    if (usage.input !== undefined) add('llm_input_tokens', usage.input, tags)
    if (usage.cached !== undefined) add('llm_cached_tokens', usage.cached, tags)
  }
  const received = receivedTokens(request)
  for (const share of tokensByWindow(request, ctx.windows, received.tokens)) {
    const tags = windowTags(share)
    tags['outcome'] = outcome
    tags['tokens'] = received.source
    add('llm_output_tokens', share.value, tags)
  }
}

function oddTags({ hiddenReasoning, malformedEvents }: FinishedRequest, tokens: Tags): Tags {
  return {
    ...tokens,
    ...(hiddenReasoning && { reasoning: 'hidden' }),
    ...(malformedEvents > 0 && { events: 'malformed' }),
  }
}

function windowTags(share: WindowShare): Record<string, string> {
  const tags = { phase: share.phase, measured: String(share.measured) }
  return withSlice(tags, share.slice)
}

/** Set and not spread: a copy costs as much as all else that is done for a sample. */
function withSlice(
  tags: Record<string, string>,
  slice: string | undefined,
): Record<string, string> {
  if (slice !== undefined) tags['slice'] = slice
  return tags
}
