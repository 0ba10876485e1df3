import type { Config } from '../config/index.ts'
import type { ExchangeResult } from '../exchange/index.ts'
import { comparedPrompt, isCompared } from '../load/index.ts'
import { fingerprintOf, firstDifference } from '../quality/index.ts'
import type { IdlePrompt } from '../quality/index.ts'
import type { RunData } from './types.ts'

/**
 * The prompt that request n repeats, with its answer before the load.
 * @param endpoint its name
 * @returns undefined for a request that is not compared
 */
export function repeatedPrompt(
  { load, values }: Config,
  { idle }: Pick<RunData, 'idle'>,
  endpoint: string,
  n: number,
): IdlePrompt | undefined {
  const prompts = idle?.byEndpoint[endpoint]
  if (!prompts?.length || !isCompared(values.COMPARED_SHARE, load.seed, n)) return undefined
  return prompts[comparedPrompt(prompts.length, load.seed, n)]
}

/** An answer that was compared. */
export interface Comparison {
  /** First word that differs, from 1; undefined where the answers are the same. */
  readonly word: number | undefined
}

/**
 * Compares an answer under load, once all times of its request are taken.
 * @param idle fingerprint of the answer before the load; undefined where there is none
 * @returns undefined for an answer that did not complete
 */
export function compareWithIdle(
  result: ExchangeResult,
  idle: string | undefined,
): Comparison | undefined {
  if (idle === undefined) return undefined
  const answer = fingerprintOfResult(result)
  return answer === undefined ? undefined : { word: firstDifference(idle, answer) }
}

/** What an answer says, where it completed and its text was kept. */
export function fingerprintOfResult({
  outcome,
  text = '',
  toolCalls = [],
}: ExchangeResult): string | undefined {
  return outcome === 'completed' ? fingerprintOf({ text, toolCalls }) : undefined
}
