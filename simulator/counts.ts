import { bill } from './billing.ts'
import type { FaultSet } from './fault-set.ts'
import type { Billed } from './formats/index.ts'
import type { Plan, PlannedChoice } from './plan.ts'

/** The usage of a streamed answer as it grows. */
export interface Counts {
  /** Tokens generated, sent or not. */
  add(choice: PlannedChoice, tokens: number): void
  all(): Billed
  soFar(choice: PlannedChoice): Billed
  /** What one chunk tells of itself alone; undefined when no token is in it. */
  ofChunk(tokens: number): Billed | undefined
}

/** @param cachedTokens of the prompt, as known by now; undefined: not told */
export function createCounts(
  plan: Plan,
  faults: FaultSet,
  cachedTokens: () => number | undefined,
): Counts {
  const generated = new Map<number, number>()

  function billOf(choices: readonly PlannedChoice[]): Billed {
    let completion = 0
    let reasoning = 0
    for (const { index, reasoningTokens } of choices) {
      const count = generated.get(index) ?? 0
      completion += count
      reasoning += Math.min(count, reasoningTokens)
    }
    const cached = cachedTokens()
    return bill({ prompt: plan.promptTokens, completion, reasoning, cached }, faults)
  }

  return {
    add({ index }, tokens) {
      generated.set(index, (generated.get(index) ?? 0) + tokens)
    },
    all: () => billOf(plan.choices),
    soFar: (choice) => billOf([choice]),
    ofChunk(tokens) {
      if (tokens === 0) return undefined
      const counts = { prompt: plan.promptTokens, completion: tokens, reasoning: 0 }
      return bill({ ...counts, cached: undefined }, faults)
    },
  }
}
