import type { ConversationWorkload, RequestContext, Workload, WorkloadRequest } from './types.ts'

/** Requests are pure functions of their number: a few show how this version builds all of them. */
const REQUESTS = 16
const TURNS = 2

/**
 * The first requests of a workload as they would be sent: of conversations the first two turns, with
 * an empty answer between them.
 * @param context of the run: its calibration, and what the server accepts
 */
export function sampleRequests(
  workload: Workload | ConversationWorkload,
  context: RequestContext,
): WorkloadRequest[] {
  const numbers = Array.from({ length: REQUESTS }, (_, n) => n)
  if (!('conversation' in workload)) return numbers.map((n) => workload.request(n, context))
  return numbers.flatMap((n) => {
    const talk = workload.conversation(n, context)
    const turns: WorkloadRequest[] = []
    let turn = talk.next()
    while (turn !== undefined && turns.length < TURNS) {
      turns.push(turn)
      turn = talk.next({ text: '' })
    }
    return turns
  })
}
