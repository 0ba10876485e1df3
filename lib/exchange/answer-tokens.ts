import type { ExchangeResult } from './types.ts'

/**
 * Tokens of the answer itself, which a conversation sends back with its next turn: without reasoning,
 * which chat templates leave out.
 *
 * @returns undefined where the server gave no count, or reasoned without saying with how many tokens
 */
export function answerTokens({
  usage,
  reasoned,
  hiddenReasoning,
}: Pick<ExchangeResult, 'usage' | 'reasoned' | 'hiddenReasoning'>): number | undefined {
  if (usage?.output === undefined) return undefined
  if (usage.reasoning) return Math.max(0, usage.output - usage.reasoning)
  return reasoned || hiddenReasoning ? undefined : usage.output
}
