import { NOTES } from '../../metrics/index.ts'
import { many } from '../../tables/index.ts'
import { countOf } from '../summary.ts'
import type { Summary } from '../summary.ts'

/** Said with the bunches that held it. */
const SAID_ELSEWHERE = 'first_token_held'
type Note = Exclude<(typeof NOTES)[number], typeof SAID_ELSEWHERE>

/** What each note on a request means for the figures; `n` is e.g. "3 requests". */
const MEANINGS: Readonly<Record<Note, (n: string) => string>> = {
  resent: (n) =>
    `${n} sent again, as the server had closed the kept connection meanwhile: counted once, timed from the first sending`,
  no_terminator: (n) =>
    `${n} ended without the terminal marker of this API, but with a finish reason and properly: counted as completed`,
  content_type: (n) =>
    `${n} streamed under a content-type that is no event stream: a proxy may buffer what it does not know as a stream`,
  left_open: (n) =>
    `${n} left open by the server behind the terminal marker: the connection was closed and not used again`,
  usage_corrected: (n) =>
    `${n} with an impossible usage (fewer tokens than were streamed, sums that do not agree, zeros behind a count): the most that the stream proves was counted`,
  last_token_estimated: (n) =>
    `${n} billed tokens that came without an event of their own: the time of the finish reason stands for the last one, so TPOT and E2E are estimates`,
}

/** One warning per note that the measured requests carry. */
export function noteWarnings(summary: Summary): { type: string; message: string }[] {
  return NOTES.flatMap((note) => {
    if (note === SAID_ELSEWHERE) return []
    const found = countOf(summary, 'llm_request_notes', { measured: 'true', note })
    return found ? [{ type: note, message: MEANINGS[note](many(found, 'request')) }] : []
  })
}
