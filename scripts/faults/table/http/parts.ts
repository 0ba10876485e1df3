import { chunked, head, OK } from '../../answer.ts'
import type { Answer } from '../../answer.ts'
import { but, counts, fails, group, STREAMS } from '../../rows.ts'

export const row = group('http', STREAMS)

export const bad = fails('stream_error', 'bad_http')

/** Without its own end only a terminal marker tells that an answer is whole, and Triton has none. */
export const marked = (cut: string) => but(counts(), { triton: fails('truncated', cut) })

export const type = (answer: Answer) => `content-type: ${answer.contentType}`

export const CHUNKED = 'transfer-encoding: chunked'

export const withHead = (make: (type: string) => string) => (answer: Answer) =>
  chunked(answer, { head: make(type(answer)) })

export const field = (...fields: string[]) => withHead((own) => head(OK, own, CHUNKED, ...fields))
