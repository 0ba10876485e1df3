import { chunked } from '../../answer.ts'
import { counts, fails } from '../../rows.ts'
import type { Row } from '../../rows.ts'
import { lines, changed, trimmed } from './parts.ts'

/** Newline-delimited JSON. */
export const ndjson: readonly Row[] = [
  lines(
    'crlf',
    'as_specified',
    changed((text) => text.replace('\n', '\r\n')),
    counts(),
  ),
  lines(
    'blank-lines',
    'as_specified',
    changed((text) => `\n\n${text}`),
    counts(),
  ),
  lines(
    'leading-blanks',
    'as_specified',
    changed((text) => `  ${text}`),
    counts(),
  ),
  lines(
    'no-last-line-end',
    'as_specified',
    (answer) => chunked(answer, {}, trimmed(answer.pieces)),
    counts(),
  ),
  lines(
    'as-sse',
    'not_streaming',
    changed((text) => `data: ${text}\n`),
    fails('stream_error', 'not_streaming'),
  ),
]
