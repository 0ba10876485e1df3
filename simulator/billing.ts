import type { FaultSet } from './fault-set.ts'
import type { Billed } from './formats/index.ts'

/** Tokens of a request, or of what was sent of it. */
export interface TokenCounts {
  prompt: number
  completion: number
  /** Within `completion`. */
  reasoning: number
  /** Prompt tokens found in the prefix cache; undefined: not told. */
  cached: number | undefined
}

/** What the server says of the counts: the truth, unless a fault bends it. */
export function bill(counts: TokenCounts, faults: FaultSet): Billed {
  const { prompt, cached } = counts
  const all = Math.round(counts.completion * (faults['hidden-reasoning']?.value ?? 1))
  const reasoning = counts.reasoning + all - counts.completion
  let completion = all
  if (faults['usage-low']) completion = Math.min(completion, faults['usage-low'].value)
  if (faults['usage-no-reasoning']) completion -= reasoning
  const sum = prompt + (faults['usage-no-reasoning'] ? all : completion)
  const total = faults['usage-total'] ? prompt : sum
  const literal = (count: number) => {
    if (faults['usage-float']) return (count + 0.5).toString()
    return faults['usage-text'] ? `"${count}"` : count.toString()
  }
  return {
    prompt: literal(prompt),
    fresh: literal(prompt - (cached ?? 0)),
    completion: literal(completion),
    total: literal(total),
    cached: cached === undefined ? undefined : literal(cached),
    reasoning: reasoning === 0 ? undefined : literal(reasoning),
  }
}

/** A gateway's empty usage. */
export const zeroBill: Billed = {
  prompt: '0',
  fresh: '0',
  completion: '0',
  total: '0',
  cached: undefined,
  reasoning: undefined,
}
