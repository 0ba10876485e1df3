import type { Config } from '../config/index.ts'
import { boundsSet, idleSum, receivedTokens, spendOf } from '../metrics/index.ts'
import type { Probe } from '../preflight/index.ts'
import { encodeOptions } from '../protocols/index.ts'
import { judgeIdle } from '../quality/index.ts'
import type { IdleFacts, IdlePrompt } from '../quality/index.ts'
import type { RequestContext, Workload } from '../workload/index.ts'
import { createBudget } from './bounds.ts'
import { fingerprintOfResult } from './comparing.ts'
import { addUp } from './transport.ts'
import type { IdleAnswers, PreparedTest, RunData } from './types.ts'

/** So many failures one after the other, and an endpoint is asked no more. */
const ENOUGH_FAILURES = 3

/** How many answers `setup()` asks for, one at a time. */
export function idleRequests({ endpoints, values }: Config): number {
  if (values.COMPARED_SHARE === 0) return 0
  return endpoints.length * values.IDLE_PROMPTS * values.IDLE_ANSWERS
}

/** Refuses answers before the load where stock k6 keeps bounds: it does so by thresholds, which see the load only. */
export function refuseUncounted(config: Config): void {
  if (addUp !== undefined || idleRequests(config) === 0) return
  const names = boundsSet(config.bounds).map(({ variable }) => variable)
  if (names.length === 0) return
  throw new Error(
    `COMPARED_SHARE: stock k6 cannot count the answers before the load towards ${names.join(', ')}; use the project's own k6 (its image has it), or one of the two`,
  )
}

/**
 * Asks each endpoint for the answers that those under load are compared with.
 * @param probes one for each endpoint, in their order
 * @returns undefined where nothing is compared
 */
export async function askIdle(
  { config, workload }: PreparedTest,
  probes: readonly Probe[],
  facts: RunData['facts'],
  context: RequestContext,
): Promise<IdleAnswers | undefined> {
  if (idleRequests(config) === 0 || 'conversation' in workload) return undefined
  const asking = createAsking(config, workload, facts, context)
  const judged: { name: string; prompts: IdlePrompt[]; facts: IdleFacts }[] = []
  for (const [i, { name }] of config.endpoints.entries()) {
    judged.push({ name, ...judgeIdle(await asking.all(probes[i]!)) })
  }
  return {
    byEndpoint: Object.fromEntries(judged.map(({ name, prompts }) => [name, prompts])),
    facts: idleSum([asking.spent, ...judged.map((one) => one.facts)]),
  }
}

/** Asks within the bounds of the run, and keeps what that took. */
function createAsking(
  config: Config,
  workload: Workload,
  facts: RunData['facts'],
  context: RequestContext,
) {
  const { IDLE_PROMPTS: prompts, IDLE_ANSWERS: times } = config.values
  const budget = createBudget(config.bounds)
  const spent = { requests: 0, outputTokens: 0, spend: 0 }

  async function ask(probe: Probe, n: number): Promise<string | undefined> {
    if (!budget.take()) return undefined
    const wanted = workload.request(n, context)
    const result = await probe.attempt(wanted.request, encodeOptions(facts), Infinity, true)
    const { tokens } = receivedTokens(result)
    const spend = spendOf(result, wanted.inputTokens, config.bounds)
    budget.settle(tokens, spend)
    spent.requests++
    spent.outputTokens += tokens
    spent.spend += spend
    return fingerprintOfResult(result)
  }

  /** Fingerprints by prompt: one at a time, all prompts once before any of them again. */
  async function all(probe: Probe): Promise<(string | undefined)[][]> {
    const answers: (string | undefined)[][] = Array.from({ length: prompts }, () => [])
    let failures = 0
    for (let asked = 0; asked < prompts * times && failures < ENOUGH_FAILURES; asked++) {
      const n = asked % prompts
      const answer = await ask(probe, n)
      answers[n]!.push(answer)
      failures = answer === undefined ? failures + 1 : 0
    }
    return answers
  }
  return { all, spent }
}
