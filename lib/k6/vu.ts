import exec from 'k6/execution'
import { createDueTimes, pickEndpoint } from '../load/index.ts'
import type { RequestContext } from '../workload/index.ts'
import { FIRST_LOAD } from './configure.ts'
import { contextOf } from './context.ts'
import { createConversations } from './conversations.ts'
import { NO_TAGS } from '../metrics/index.ts'
import type { Metrics } from './metrics.ts'
import { createPlace } from './place.ts'
import { createRequests, type IterationParts } from './requests.ts'
import { createSender } from './sender.ts'
import { stop } from './say.ts'
import { exampleRequest } from './setup.ts'
import type { PreparedTest, RunData } from './types.ts'

/** The function that k6 calls for each request (or conversation) of the load. */
export function createVu(test: PreparedTest, metrics: Metrics): (data: RunData) => Promise<void> {
  const { config, plan, workload } = test
  const sender = createSender(test, metrics)
  const place = createPlace(plan, sender.now)
  const dueTime =
    plan.loop === 'open' && test.dueMs === undefined ? createDueTimes(plan.phases) : undefined
  const several = config.endpoints.length > 1 ? config.endpoints : []
  const tagsOf = new Map(several.map((one) => [one, { endpoint: one.name }]))
  let kept: RunData | undefined
  let context: RequestContext | undefined
  // k6 creates this object anew at each access, but its fields are read live.
  let scenario: typeof exec.scenario | undefined
  // The first prompt costs 5-30 ms for its word tables: better while loading than between due and sent.
  if (!FIRST_LOAD) exampleRequest(workload)

  const parts: IterationParts = {
    test,
    sender,
    place,
    // k6 rebuilds setup data at each access, so it is copied once per VU.
    data: (run) => (kept ??= copyOf(run)),
    context: (data) => (context ??= contextOf(test, data)),
    begin() {
      scenario ??= exec.scenario
      const { name, iterationInTest: n } = scenario
      const atMs = sender.now()
      const { originMs } = place()
      const dueMs = test.dueMs && originMs + test.dueMs(n)
      const endpoint = pickEndpoint(config.endpoints, config.load.seed, n)
      return {
        n,
        id: `${name}-${n}`,
        atMs,
        dueMs,
        placedMs: dueMs ?? (dueTime ? originMs + dueTime(n, atMs - originMs) : atMs),
        endpoint,
        tags: tagsOf.get(endpoint) ?? NO_TAGS,
      }
    },
  }
  return 'conversation' in workload
    ? createConversations(parts, workload)
    : createRequests(parts, workload)
}

/** setup()'s data. The run ends where `--no-setup` left it out: nobody knows then what to ask for. */
function copyOf(run: RunData | undefined): RunData {
  if (run === undefined || run === null) {
    stop('--no-setup leaves out what a request is made of: run without it')
  }
  return JSON.parse(JSON.stringify(run)) as RunData
}
