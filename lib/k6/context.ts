import type { Config } from '../config/index.ts'
import type { RequestContext } from '../workload/index.ts'
import type { RunData } from './types.ts'

/** What bounds the lengths of answers, and makes prompts unique; the same for all requests of a run. */
export function contextOf(
  test: { config: Config },
  { facts, salt, calibration }: Pick<RunData, 'facts'> & Partial<RequestContext>,
): RequestContext {
  const holds = facts.holdsLength && test.config.ignoreEos !== 'off'
  return { salt, calibration, controls: { minTokens: holds, ignoreEos: holds } }
}
