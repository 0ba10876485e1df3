import type { RequestRecord } from '../records/index.ts'
import type { ShownRequest } from './detail-types.ts'

/** What a report shows of a request. */
export function shownRequest(r: RequestRecord): ShownRequest {
  const all: { [F in keyof ShownRequest]: ShownRequest[F] | undefined } = {
    id: r.id,
    startMs: r.startMs,
    outcome: r.outcome,
    reason: r.reason,
    message: r.message,
    phase: r.phase,
    app: r.app,
    endpoint: r.endpoint,
    turn: r.turn,
    promptId: r.promptId,
    inputTokens: r.inputTokens,
    outputTokens: r.outputTokens,
    ttftMs: r.ttftMs,
    tpotMs: r.tpotMs,
    e2eMs: r.e2eMs,
    stallMs: r.stallMs,
    requestId: r.requestId,
  }
  return all as ShownRequest
}
