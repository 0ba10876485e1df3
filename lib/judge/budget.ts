import { tokenCost } from '../cost/index.ts'
import type { JudgePrice, JudgeTokens } from './types.ts'

export interface BudgetLimits {
  maxRequests: number | undefined
  /** In the currency of the price; needs one. */
  maxSpend: number | undefined
  price: JudgePrice | undefined
}

/** What was used before. */
export interface Spent {
  requests: number
  /** The most that it can have cost. */
  cost: number
}

/** Keeps a judge within its bounds, whatever its requests turn out to be. */
export interface Budget {
  /**
   * Whether a request may be sent that uses at most so much. Where it may, that is set aside until `settle`. `wait`: it may
   * be once a request under way turns out to need less.
   */
  take(most: JudgeTokens): 'yes' | 'wait' | 'no'
  /** Puts what a request used in place of what was set aside for it. */
  settle(most: JudgeTokens, used: JudgeTokens): void
  /** Resolves when the next request is settled. */
  change(): Promise<void>
  /** The bound that a request was refused by. */
  readonly reached: 'max-requests' | 'max-spend' | undefined
}

/** @param spent by earlier sessions: the bounds hold over all of them */
export function createBudget({ maxRequests, maxSpend, price }: BudgetLimits, spent: Spent): Budget {
  let { requests, cost } = spent
  let underWay = 0
  let reached: Budget['reached']
  const waiting: (() => void)[] = []
  const costOf = (tokens: JudgeTokens) => (price === undefined ? 0 : judgeCost(tokens, price))
  return {
    take(most) {
      const spends = cost + costOf(most)
      if (maxRequests !== undefined && requests >= maxRequests) reached = 'max-requests'
      else if (maxSpend === undefined || spends <= maxSpend) {
        requests++
        underWay++
        cost = spends
        return 'yes'
      } else if (underWay > 0) return 'wait'
      else reached = 'max-spend'
      return 'no'
    },
    settle(most, used) {
      underWay--
      cost += costOf(used) - costOf(most)
      for (const resolve of waiting.splice(0)) resolve()
    },
    change: () => new Promise((resolve) => void waiting.push(resolve)),
    get reached() {
      return reached
    },
  }
}

/** Cost of tokens at a judge's prices. */
export function judgeCost({ input, cached, output }: JudgeTokens, price: JudgePrice): number {
  const tokens = { requests: 0, input, cached, output, billedOutput: output }
  return tokenCost(tokens, { input: price.input, cached: price.cached, output: price.output })
}

export const NO_TOKENS: JudgeTokens = { input: 0, cached: 0, output: 0 }

export function addTokens(a: JudgeTokens, b: JudgeTokens): JudgeTokens {
  return { input: a.input + b.input, cached: a.cached + b.cached, output: a.output + b.output }
}
