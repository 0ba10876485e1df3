import type { WeightedEndpoint } from '../config/index.ts'
import type { RequestContext, Workload } from '../workload/index.ts'
import type { Place } from './place.ts'
import { repeatedPrompt } from './comparing.ts'
import type { Sender } from './sender.ts'
import type { PreparedTest, RunData } from './types.ts'
import { idle, rest, waitFor } from './wait.ts'

/** What the iterations of a VU are built from. */
export interface IterationParts {
  test: PreparedTest
  sender: Sender
  place: () => Place
  /** setup()'s data, cheap to read. */
  data: (run: RunData) => RunData
  /** What all requests of the run have in common. */
  context: (data: RunData) => RequestContext
  /** The iteration that is beginning; times in ms on the run's clock. */
  begin: () => {
    n: number
    id: string
    /** When it begins. */
    atMs: number
    /** The time until which it has to wait, if any. */
    dueMs: number | undefined
    /** The time that decides its phase. */
    placedMs: number
    endpoint: WeightedEndpoint
    tags: Readonly<Record<string, string>>
  }
}

/** An iteration that is one request. */
export function createRequests(parts: IterationParts, workload: Workload) {
  const { test, sender, place } = parts

  return async function run(given: RunData): Promise<void> {
    const data = parts.data(given)
    const { n, id, atMs, dueMs, placedMs, endpoint, tags } = parts.begin()
    if (sender.budget.over()) return idle(test.plan.loop)
    // Built before the wait: a long prompt takes some ms, which should not become lateness.
    const repeated = repeatedPrompt(test.config, data, endpoint.name, n)
    const wanted = workload.request(repeated?.n ?? n, parts.context(data))
    const session = await sender.open(endpoint, data)
    const slot = waitFor(dueMs, sender.now, atMs)
    const where = place().at(placedMs)
    if (!sender.budget.take()) return idle(test.plan.loop)
    const outgoing = { wanted, slot, where, tags, n, id, idleAnswer: repeated?.answer }
    const { pauseMs } = await sender.send(session, outgoing, data)
    session.release()
    rest(pauseMs, place().endMs - sender.now())
  }
}
