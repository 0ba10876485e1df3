import { describe, expect, it } from 'vitest'
import {
  CATALOGUE,
  eachSample,
  labelled,
  OUTCOMES,
  requestLimits,
  samplesOf,
  startSamples,
  zeroSamples,
} from '../../lib/metrics/index.ts'
import type { Sample } from '../../lib/metrics/index.ts'
import { context, request, timings } from './fixtures.ts'

const values = (samples: Sample[], metric: string) =>
  samples.filter((s) => s.metric === metric).map((s) => s.value)
const tagsOf = (samples: Sample[], metric: string) =>
  samples.filter((s) => s.metric === metric).map((s) => s.tags)

function samplesOfStart(slice: string | undefined): Sample[] {
  const samples: Sample[] = []
  startSamples(slice, (metric, value, tags) => samples.push({ metric, value, tags }))
  return samples
}

describe('a completed request', () => {
  const samples = samplesOf(request(), timings(), context({ slice: '7' }))

  it.each([
    ['llm_ttft', [100]],
    ['llm_ttfo', [100]],
    ['llm_ttfb', [20]],
    ['llm_tpot', [10]],
    ['llm_icl', [10, 10, 10]],
    ['llm_itl', [10, 10, 10]],
    ['llm_stall', [10]],
    ['llm_e2e', [130]],
    ['llm_stream', [140]],
    ['llm_connecting', [1]],
    ['llm_tls_handshake', [0.5]],
    ['llm_lateness', [2]],
    ['llm_ttft_due', [103]],
    ['llm_e2e_due', [133]],
    ['llm_input_tokens_per_request', [50]],
    ['llm_output_tokens_per_request', [4]],
    ['llm_requests', [1]],
    ['llm_request_failed', [0]],
    ['llm_input_tokens', [50]],
    ['llm_cached_tokens', [16]],
  ])('adds %s', (metric, expected) => {
    expect(values(samples, metric)).toEqual(expected)
  })

  it('counts tokens in the phase in which they were received', () => {
    expect(samples.filter((s) => s.metric === 'llm_output_tokens')).toEqual([
      {
        metric: 'llm_output_tokens',
        value: 2,
        tags: { phase: 'warmup', measured: 'false', outcome: 'completed', tokens: 'usage' },
      },
      {
        metric: 'llm_output_tokens',
        value: 1,
        tags: {
          phase: 'steady',
          measured: 'true',
          slice: '1',
          outcome: 'completed',
          tokens: 'usage',
        },
      },
      {
        metric: 'llm_output_tokens',
        value: 1,
        tags: {
          phase: 'steady',
          measured: 'true',
          slice: '2',
          outcome: 'completed',
          tokens: 'usage',
        },
      },
    ])
  })

  it('counts time in flight where it was spent, the rest as drain', () => {
    expect(
      samples
        .filter((s) => s.metric === 'llm_in_flight_time')
        .map((s) => [s.tags['phase'], s.tags['slice'], s.value]),
    ).toEqual([
      ['warmup', undefined, 115],
      ['steady', '1', 10],
      ['steady', '2', 10],
      ['drain', undefined, 5],
    ])
  })

  it('tags slices only where the catalogue says so', () => {
    const sliced = new Set(
      CATALOGUE.filter((d) => (d.tags as readonly string[]).includes('slice')).map((d) => d.name),
    )
    for (const { metric, tags } of samples) {
      if ('slice' in tags) expect(sliced).toContain(metric)
    }
    expect(tagsOf(samples, 'llm_ttft')).toEqual([{ slice: '7' }])
    expect(tagsOf(samples, 'llm_tpot')).toEqual([{ slice: '7', tokens: 'usage' }])
    expect(tagsOf(samples, 'llm_input_tokens_per_request')).toEqual([{}])
  })

  it('has no goodput where no limit is set', () => {
    expect(values(samples, 'llm_requests_good')).toEqual([])
    expect(values(samples, 'llm_request_good')).toEqual([])
  })

  it('adds nothing for a value that is not there', () => {
    const none = samplesOf(
      request({ usage: undefined, tokenSource: 'chunks', chunkTimesMs: [110] }),
      timings({
        tpotMs: undefined,
        connectingMs: undefined,
        tlsMs: undefined,
        latenessMs: undefined,
        iclMs: [],
        itlMs: [],
      }),
      context(),
    )
    for (const metric of [
      'llm_tpot',
      'llm_connecting',
      'llm_tls_handshake',
      'llm_lateness',
      'llm_icl',
      'llm_itl',
    ]) {
      expect(values(none, metric)).toEqual([])
    }
    for (const metric of [
      'llm_input_tokens',
      'llm_cached_tokens',
      'llm_input_tokens_per_request',
    ]) {
      expect(values(none, metric)).toEqual([])
    }
    expect(tagsOf(none, 'llm_output_tokens_per_request')).toEqual([{ tokens: 'chunks' }])
    expect(tagsOf(none, 'llm_output_tokens')[0]).toMatchObject({ tokens: 'chunks' })
  })
})

it('notes and the finish reason are counted', () => {
  const samples = samplesOf(
    request({ notes: ['resent', 'usage_corrected'], finish: 'length' }),
    timings(),
    context(),
  ).filter((s) => s.metric === 'llm_request_notes' || s.metric === 'llm_finish_reasons')
  expect(samples).toEqual([
    { metric: 'llm_request_notes', value: 1, tags: { note: 'resent' } },
    { metric: 'llm_request_notes', value: 1, tags: { note: 'usage_corrected' } },
    { metric: 'llm_finish_reasons', value: 1, tags: { finish: 'length' } },
  ])
})

describe('a request that failed', () => {
  const latencies = CATALOGUE.filter((def) => def.completedOnly).map((def) => def.name as string)
  it.each(OUTCOMES.filter((o) => o !== 'completed'))('%s enters no latency', (outcome) => {
    const samples = samplesOf(
      request({ outcome, reason: 'why' }),
      timings(),
      context({ limits: requestLimits({ errorRate: 0, ttftP95Ms: 1e9 }) }),
    )
    expect(samples.filter((s) => latencies.includes(s.metric))).toEqual([])
    expect(values(samples, 'llm_lateness')).toEqual([2])
    expect(tagsOf(samples, 'llm_requests')).toEqual([{ outcome, reason: 'why' }])
    expect(values(samples, 'llm_requests_good')).toEqual([])
    const judged = ['aborted', 'cancelled'].includes(outcome) ? [] : [1]
    expect(values(samples, 'llm_request_failed')).toEqual(judged)
    expect(values(samples, 'llm_request_good')).toEqual(judged.map(() => 0))
    const partial = samples.filter((s) => s.metric === 'llm_output_tokens')
    expect(partial.reduce((sum, s) => sum + s.value, 0)).toBe(4)
    expect(new Set(partial.map((s) => s.tags['outcome']))).toEqual(new Set([outcome]))
  })

  it('that was never sent has no time in flight', () => {
    const samples = samplesOf(
      request({
        outcome: 'connect_error',
        reason: 'connect_refused',
        marks: { startMs: 5, sentMs: undefined, endMs: 9 },
        chunkTimesMs: [],
        outputTokens: 0,
        tokenSource: 'none',
        usage: undefined,
      }),
      timings({ latenessMs: undefined }),
      context(),
    )
    expect(samples.map((s) => s.metric)).toEqual([
      'llm_requests',
      'llm_requests_in_flight',
      'llm_request_failed',
    ])
  })
})

describe('hidden reasoning', () => {
  it('is billed a request but not received', () => {
    const samples = samplesOf(
      request({
        hiddenReasoning: true,
        outputTokens: 400,
        usage: { input: 1, output: 400, cached: undefined },
      }),
      timings({ tpotMs: undefined }),
      context(),
    )
    expect(samples.filter((s) => s.metric === 'llm_output_tokens_per_request')).toEqual([
      {
        metric: 'llm_output_tokens_per_request',
        value: 400,
        tags: { tokens: 'usage', reasoning: 'hidden' },
      },
    ])
    const received = samples.filter((s) => s.metric === 'llm_output_tokens')
    expect(received.reduce((sum, s) => sum + s.value, 0)).toBe(4)
    expect(received.every((s) => s.tags['tokens'] === 'chunks')).toBe(true)
  })
})

it('marks the answer that held events of no known form', () => {
  const samples = samplesOf(request({ malformedEvents: 2 }), timings(), context())
  const marked = samples.filter((s) => s.tags['events'] === 'malformed')
  expect(marked.map((s) => s.metric)).toEqual(['llm_output_tokens_per_request'])
})

describe('every sample', () => {
  it('is of the catalogue, with tags that its entry names', () => {
    const all = [
      ...samplesOf(
        request(),
        timings(),
        context({ slice: '1', limits: requestLimits({ errorRate: 0, ttftP95Ms: 500 }) }),
      ),
      ...samplesOf(
        request({ outcome: 'timeout', reason: 'idle' }),
        timings(),
        context({ slice: '1' }),
      ),
      ...samplesOfStart('3'),
      ...samplesOfStart(undefined),
      ...zeroSamples([{ name: 'steady', measured: true }]),
    ]
    for (const { metric, tags } of all) {
      const def = CATALOGUE.find((d) => d.name === metric)
      expect(def, metric).toBeDefined()
      for (const tag of Object.keys(tags)) expect(def?.tags as readonly string[]).toContain(tag)
    }
  })
})

describe('labelled', () => {
  it('puts labels under the tags, and shares the merged tags of one request', () => {
    const got: [string, Readonly<Record<string, string>>][] = []
    const add = labelled({ phase: 'spike', app: 'chat' }, (metric, _, tags) =>
      got.push([metric, tags]),
    )
    eachSample(request(), timings(), context(), add)
    const itl = got.filter(([metric]) => metric === 'llm_itl').map(([, tags]) => tags)
    expect(itl).toHaveLength(3)
    expect(new Set(itl).size).toBe(1)
    expect(itl[0]).toEqual({ phase: 'spike', app: 'chat' })
    const received = got
      .filter(([metric]) => metric === 'llm_output_tokens')
      .map(([, tags]) => tags)
    expect(received[0]).toMatchObject({ phase: 'warmup', app: 'chat' })
  })
})
