import { describe, expect, it } from 'vitest'
import { boundExpression, boundsSet, spendOf } from '../../lib/metrics/index.ts'
import { request } from './fixtures.ts'

const PRICES = { inputPrice: 2, outputPrice: 10 }

describe('what a request costs', () => {
  it.each([
    ['by usage', request(), 50 * 2 + 4 * 10],
    ['without usage, by the length asked', request({ usage: undefined }), 30 * 2 + 4 * 10],
    ['that broke off', request({ outcome: 'truncated', outputTokens: 2 }), 50 * 2 + 2 * 10],
    ['that was refused', request({ outcome: 'http_error', outputTokens: 0 }), 0],
    [
      'that was never sent',
      request({ marks: { startMs: 0, sentMs: undefined, endMs: 1 }, usage: undefined }),
      0,
    ],
  ])('%s', (_, of, millionths) => {
    expect(spendOf(of, 30, PRICES)).toBeCloseTo(millionths / 1e6, 12)
  })
})

it('bounds that are set have a counter, and an expression for stock k6', () => {
  const set = boundsSet({ requests: 10, spend: 0.5, ...PRICES })
  expect(set.map((bound) => [bound.variable, bound.metric, boundExpression(bound)])).toEqual([
    ['MAX_REQUESTS', 'llm_requests_started', 'count<10'],
    ['MAX_SPEND', 'llm_spend', 'count<0.5'],
  ])
})
