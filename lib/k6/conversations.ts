import { answerTokens } from '../exchange/index.ts'
import type { ConversationWorkload, PreviousAnswer } from '../workload/index.ts'
import type { IterationParts } from './requests.ts'
import type { RunData } from './types.ts'
import { idle, rest, waitFor } from './wait.ts'

/**
 * An iteration that is a whole conversation: one connection for all its turns, the server's real
 * answers in the history, and pauses in between. A further turn is due when its pause is over; none
 * begins after the end of the load.
 */
export function createConversations(parts: IterationParts, workload: ConversationWorkload) {
  const { test, sender, place } = parts

  return async function run(given: RunData): Promise<void> {
    const data = parts.data(given)
    const { n, id, atMs, dueMs, placedMs, endpoint, tags } = parts.begin()
    if (sender.budget.over()) return idle(test.plan.loop)
    const talk = workload.conversation(n, parts.context(data))
    const session = await sender.open(endpoint, data)
    let previous: PreviousAnswer | undefined
    let lastPauseMs = 0
    for (let turn = talk.next(); turn !== undefined; turn = talk.next(previous)) {
      const pauseOverMs = sender.now() + turn.thinkMs
      if (previous !== undefined && pauseOverMs >= place().endMs) break
      const slot =
        previous === undefined
          ? waitFor(dueMs, sender.now, atMs)
          : waitFor(pauseOverMs, sender.now, pauseOverMs)
      if (!sender.budget.take()) break
      const { result, pauseMs } = await sender.send(
        session,
        {
          wanted: turn,
          slot,
          where: place().at(previous === undefined ? placedMs : pauseOverMs),
          tags: { ...tags, turn: turn.turnTag },
          collectText: true,
          n,
          id: `${id}-${turn.turn}`,
          turn: turn.turn,
        },
        data,
      )
      lastPauseMs = pauseMs
      if (result.outcome !== 'completed') break
      previous = {
        text: result.text ?? '',
        inputTokens: result.usage?.input,
        outputTokens: answerTokens(result),
      }
    }
    session.release()
    rest(lastPauseMs, place().endMs - sender.now())
  }
}
