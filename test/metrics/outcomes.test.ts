import { expect, test } from 'vitest'
import { reasons } from '../../lib/exchange/index.ts'
import { FINISHES, OUTCOMES, REASONS } from '../../lib/metrics/index.ts'
import { finishKinds } from '../../lib/protocols/index.ts'

test('each outcome, reason and finish that the exchange knows has a figure of its own', () => {
  expect(new Set(OUTCOMES)).toEqual(new Set(Object.keys(reasons)))
  for (const [outcome, list] of Object.entries(reasons)) {
    if (outcome === 'completed' || outcome === 'http_error') continue
    expect(REASONS[outcome]).toEqual(list)
  }
  expect(FINISHES).toEqual(finishKinds)
})
