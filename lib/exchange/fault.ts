import type { Verdict } from './outcomes.ts'

/**
 * What became of a request, for a transport that reads whole answers by itself, as `k6/http` does:
 * `send` rejects with this error where there is no answer to hand over.
 */
export class AnswerFault extends Error {
  readonly verdict: Verdict
  /**
   * Set when the request went out on a connection that had served before, and that ended without a byte
   * of an answer: when it was sent, on the run's clock, and how long a round trip takes, both in ms.
   */
  readonly ended: { sentMs: number; roundTripMs: number } | undefined

  constructor(verdict: Verdict, ended?: AnswerFault['ended']) {
    super(verdict.message ?? verdict.reason)
    this.verdict = verdict
    this.ended = ended
  }
}
