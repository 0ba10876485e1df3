import { describe, expect, it } from 'vitest'
import { playedOtherwise, type PlayedOptions } from '../../lib/load/index.ts'

const scenario = {
  executor: 'constant-arrival-rate',
  rate: 4,
  timeUnit: '1s',
  startTime: '15000ms',
  duration: '119980ms',
  gracefulStop: '3000.0005ms',
  preAllocatedVUs: 9,
  tags: { phase: 'steady', measured: 'true' },
  exec: 'run',
}
const planned: PlayedOptions = {
  scenarios: { steady: scenario },
  thresholds: { 'llm_ttft{measured:true}': ['p(95)<=800', 'max>-1e99'] },
  summaryTrendStats: ['avg', 'p(99)'],
}
/** As k6 gives it back. */
const played = {
  scenarios: {
    steady: {
      ...scenario,
      startTime: '15s',
      duration: '1m59.98s',
      gracefulStop: '3.0000005s',
      env: null,
      maxVUs: null,
      tags: { measured: 'true', phase: 'steady' },
    },
    own: { executor: 'constant-vus', vus: 1 },
  },
  thresholds: {
    'llm_ttft{measured:true}': [{ threshold: 'p(95)<=800', abortOnFail: true }, 'max>-1e99'],
    checks: ['rate>0.9'],
  },
  summaryTrendStats: ['avg', 'med', 'p(99)'],
  minIterationDuration: null,
  rps: null,
  executionSegment: '0:1/3',
}

describe('what k6 plays', () => {
  it('is what was planned, in other words and with more beside it', () => {
    expect(playedOtherwise(planned, played)).toEqual([])
  })

  const steady = (change: object) => ({ scenarios: { steady: { ...scenario, ...change } } })
  it.each<[object, string]>([
    [steady({ rate: 8 }), 'scenario steady: rate is 8 and should be 4'],
    [steady({ startTime: null }), 'scenario steady: startTime is not set and should be 15000ms'],
    [
      steady({ tags: { phase: 'steady' } }),
      'scenario steady: tags is {"phase":"steady"} and should be {"phase":"steady","measured":"true"}',
    ],
    [{ scenarios: {} }, 'scenario steady is not played'],
    [{ scenarios: null }, 'scenario steady is not played'],
    [{ thresholds: {} }, 'thresholds are missing: llm_ttft{measured:true}: p(95)<=800 and 1 more'],
    [{ summaryTrendStats: ['avg'] }, 'summaryTrendStats lacks p(99)'],
    [
      { minIterationDuration: '3s' },
      'minIterationDuration is 3s: it keeps VUs waiting after their answers',
    ],
    [
      { discardResponseBodies: true },
      'discardResponseBodies is true: it throws away what the server answers',
    ],
    [{ rps: 5 }, 'rps is 5: it holds requests over k6/http back'],
  ])('%j: %s', (change, sentence) => {
    expect(playedOtherwise(planned, { ...played, ...change })).toEqual([sentence])
  })

  it('tells stages apart', () => {
    const stages = (...targets: number[]) => ({
      scenarios: { load: { stages: targets.map((target) => ({ duration: '90000ms', target })) } },
    })
    const other = { scenarios: { load: { stages: [{ target: 1, duration: '1m30s' }] } } }
    expect(playedOtherwise(stages(1), other)).toEqual([])
    expect(playedOtherwise(stages(1, 2), other)).toHaveLength(1)
    expect(playedOtherwise(stages(2), other)).toEqual([
      'scenario load: stages[0].target is 1 and should be 2',
    ])
  })
})
