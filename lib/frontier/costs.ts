import { perMillionAt, perMillionWithin, tokensCost, usageOf } from '../cost/index.ts'
import { servedPerS } from '../runs/index.ts'
import type { Run } from '../runs/index.ts'
import type { Measured, Price } from './types.ts'

export const NO_VALUE: Measured = { value: null, low: null, high: null }

/**
 * Cost of a million output tokens. By the hour: hour / (3600 · output tokens/s), with the interval of the tokens/s;
 * by tokens: of the tokens that were billed, which are counted, so without one.
 */
export function costPerMillion(run: Run, price: Price): Measured {
  if (price.kind === 'tokens') {
    const { perMillionOutput } = tokenLine(run, price)
    return { value: perMillionOutput, low: perMillionOutput, high: perMillionOutput }
  }
  const { outputTokensPerS, intervals } = run.report.measured
  return {
    value: perMillionAt(price.perHour, outputTokensPerS),
    ...perMillionWithin(price.perHour, intervals?.['outputTokensPerS']),
  }
}

/**
 * Cost of a good answer: cost of a completed request / share of answers that pass. Its interval is as wide as the ends of both
 * make it.
 * @param quality share of answers that pass, 0-1
 */
export function costPerGood(run: Run, price: Price, quality: Measured): Measured {
  const each = costPerRequest(run, price)
  const over = (cost: number | null, share: number | null) =>
    cost === null || share === null || share <= 0 ? null : cost / share
  return {
    value: over(each.value, quality.value),
    low: over(each.low, quality.high),
    high: over(each.high, quality.low),
  }
}

function costPerRequest(run: Run, price: Price): Measured {
  if (price.kind === 'tokens') {
    const { perRequest } = tokenLine(run, price)
    return { value: perRequest, low: perRequest, high: perRequest }
  }
  const { measured } = run.report
  const perS = servedPerS(run.report)
  const within = perS === measured.completedPerS ? measured.intervals?.['completedPerS'] : undefined
  const of = (rate: number | null | undefined) => (rate ? price.perHour / (3600 * rate) : null)
  // It falls as the rate rises.
  return { value: of(perS), low: of(within?.high), high: of(within?.low) }
}

/** Of the whole traffic; without a count of all input tokens there is no cost. */
function tokenLine(run: Run, { perMillion }: Extract<Price, { kind: 'tokens' }>) {
  const usage = usageOf(run)
  const [line] = tokensCost(usage, perMillion)
  return usage.uncounted > 0 || line === undefined
    ? { perMillionOutput: null, perRequest: null }
    : line
}
