import { chunk, chunked, FIRST_TOKEN_MS, head, OK, only } from '../answer.ts'
import type { Answer, Piece } from '../answer.ts'
import { counts, fails, group, STREAMS } from '../rows.ts'
import type { Row } from '../rows.ts'
import { script } from '../script.ts'
import type { Script, Step } from '../script.ts'

const row = group('time', STREAMS)
const noFirst = fails('timeout', 'first_token_timeout')
const idle = fails('timeout', 'idle_timeout')
const reset = fails('truncated', 'connection_reset')
const cut = fails('truncated', 'body_cut')
const unheard = fails('connect_error', 'closed_before_answer')
const lost = fails('connect_error', 'connection_reset')

const start = (answer: Answer) =>
  head(OK, `content-type: ${answer.contentType}`, 'transfer-encoding: chunked')
/** How many writes there are up to and with the n-th token. */
const upTo = (answer: Answer, tokens: number) => {
  let seen = 0
  return answer.pieces.findIndex(({ token }) => token && ++seen === tokens) + 1
}
/** The answer up to its n-th token, and then this. */
const stopped = (tokens: number, ends?: 'close' | 'reset') => (answer: Answer) =>
  chunked(
    answer,
    { last: ' ', ...(ends === undefined ? {} : { ends }) },
    answer.pieces.slice(0, tokens === 0 ? 0 : upTo(answer, tokens)),
  )
/** From the n-th token on everything comes so much later. */
const later = (tokens: number, ms: number) => (answer: Answer) => {
  const from = upTo(answer, tokens) - 1
  const pieces = answer.pieces.map((piece, i) =>
    i < from ? piece : { ...piece, atMs: piece.atMs + ms },
  )
  return chunked(answer, {}, pieces)
}
const bytes = (text: string, everyMs: number, fromMs = 0): Step[] =>
  text.split('').map((byte, i) => ({ atMs: fromMs + i * everyMs, bytes: byte }))
const body = ({ pieces }: { pieces: readonly Piece[] }) =>
  pieces.map(({ text }) => chunk(text)).join('')

function drip(answer: Answer): Script {
  const all = `${start(answer)}${body(answer)}0\r\n\r\n`
  return script(bytes(all, 0), {})
}

/** When things come, and when the connection ends. */
export const timingRows: readonly Row[] = [
  row('closed-at-once', 'connection_lost', () => only('', 'close'), unheard),
  row('reset-at-once', 'connection_lost', () => only('', 'reset'), lost),
  row(
    'closed-in-head',
    'connection_lost',
    (answer) => only(start(answer).slice(0, 30), 'close'),
    unheard,
  ),
  row(
    'reset-in-head',
    'connection_lost',
    (answer) => only(start(answer).slice(0, 30), 'reset'),
    lost,
  ),
  row('closed-behind-head', 'cut', stopped(0, 'close'), cut),
  row('reset-behind-head', 'reset', stopped(0, 'reset'), reset),
  row('closed-behind-first', 'cut', stopped(1, 'close'), cut),
  row('reset-behind-first', 'reset', stopped(1, 'reset'), reset),
  row('closed-behind-third', 'cut', stopped(3, 'close'), cut),
  row('reset-behind-third', 'reset', stopped(3, 'reset'), reset),
  row('silent', 'silence', () => only(''), noFirst),
  row('silent-in-head', 'silence', (answer) => only(start(answer).slice(0, 30)), noFirst),
  row('silent-behind-head', 'silence', stopped(0), noFirst),
  row('silent-behind-first', 'silence', stopped(1), idle),
  row('silent-behind-third', 'silence', stopped(3), idle),
  row('head-late', 'as_specified', (answer) => late(chunked(answer), 300), counts()),
  row('first-token-late', 'as_specified', later(1, 600), counts()),
  row('third-token-late', 'as_specified', later(3, 600), counts()),
  row(
    'end-late',
    'as_specified',
    (answer) =>
      chunked(
        answer,
        {},
        answer.pieces.map((piece, i) =>
          i === answer.pieces.length - 1 && !piece.token
            ? { ...piece, atMs: piece.atMs + 400 }
            : piece,
        ),
      ),
    counts(),
  ),
  row('byte-by-byte', 'as_specified', drip, counts()),
  row(
    'one-burst',
    'as_specified',
    (answer) =>
      script([{ atMs: FIRST_TOKEN_MS, bytes: `${start(answer)}${body(answer)}0\r\n\r\n` }], {
        firstTokenMs: FIRST_TOKEN_MS,
        lastTokenMs: FIRST_TOKEN_MS,
      }),
    counts(),
  ),
  row(
    'head-drips-for-ever',
    'silence',
    () => script(bytes(`${OK}\r\nx: ${'.'.repeat(400)}`, 20)),
    noFirst,
  ),
  row(
    'body-drips-for-ever',
    'silence',
    (answer) =>
      script([
        { atMs: 0, bytes: start(answer) },
        ...answer.pieces
          .slice(0, upTo(answer, 1))
          .map(({ text }) => ({ atMs: FIRST_TOKEN_MS, bytes: chunk(text) })),
        ...bytes(chunk(`: ${'.'.repeat(400)}`), 20, 60),
      ]),
    fails('timeout', 'whole_timeout'),
  ),
]

function late({ steps, firstTokenMs, lastTokenMs }: Script, ms: number): Script {
  const moved = (atMs: number | undefined) => (atMs === undefined ? undefined : atMs + ms)
  return script(
    steps.map((step) => ({ ...step, atMs: step.atMs + ms })),
    {
      firstTokenMs: moved(firstTokenMs),
      lastTokenMs: moved(lastTokenMs),
    },
  )
}
