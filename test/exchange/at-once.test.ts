import { expect, test } from 'vitest'
import { atOnce, timingsOf } from '../../lib/exchange/index.ts'
import { receivedTokens } from '../../lib/metrics/index.ts'
import { resultWith, valuesOf } from '../support/results.ts'

test('of an answer that came whole only its end has a time', () => {
  const figures = valuesOf(timingsOf(atOnce(resultWith())))
  const { e2eMs, streamMs, connectingMs, latenessMs, e2eDueMs, iclMs, itlMs, ...others } = figures
  expect({ e2eMs, streamMs, connectingMs, e2eDueMs }).toEqual({
    e2eMs: 150,
    streamMs: 150,
    connectingMs: 5,
    e2eDueMs: 160,
  })
  expect(latenessMs).toBeUndefined()
  expect([iclMs, itlMs]).toEqual([[], []])
  expect(Object.values(others).filter((value) => value !== undefined)).toEqual([])
})

test.each([
  ['as the server counts', resultWith({ tokenSource: 'usage', outputTokens: 3 }), 3],
  ['by chunks', resultWith({ tokenSource: 'chunks', outputTokens: 3 }), 3],
  ['by chunks that tell', resultWith({ tokenSource: 'chunks', chunkTokens: [2, 2, 3] }), 7],
])('all tokens are received at the end: %s', (_, result, tokens) => {
  const whole = atOnce(result)
  expect(receivedTokens(whole).tokens).toBe(tokens)
  expect(whole.chunkTimesMs).toEqual([1150])
})
