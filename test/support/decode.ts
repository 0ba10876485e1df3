import { encodeUtf8 } from '../../lib/http/index.ts'
import type { DecoderOptions, DecoderSink, Protocol, StreamEnd } from '../../lib/protocols/index.ts'

export interface Decoded {
  /** `answer@2`, `reasoning@3 +2`, `blank@4`, `error type: message`, `done@9`; the time is the piece's index. */
  log: string[]
  end: StreamEnd
}

/** Feeds the pieces of a body (text or byte strings) to a protocol's decoder and logs its calls. */
export function decodePieces(
  protocol: Protocol,
  pieces: readonly string[],
  options: DecoderOptions = {},
): Decoded {
  const log: string[] = []
  const onTokens: DecoderSink['onTokens'] = (atMs, kind, tokens) =>
    log.push(`${kind}@${atMs}${tokens === undefined ? '' : ` +${tokens}`}`)
  const decoder = protocol.createDecoder(
    {
      onTokens,
      onRepeats: ({ timesMs }, kind, tokens) =>
        timesMs.forEach((atMs) => onTokens(atMs, kind, tokens)),
      onBlank: (atMs, tokens) =>
        log.push(`blank@${atMs}${tokens === undefined ? '' : ` +${tokens}`}`),
      onError: (message, type) => log.push(`error ${type}: ${message}`),
      onDone: (atMs) => log.push(`done@${atMs}`),
    },
    options,
  )
  pieces.forEach((piece, i) => {
    // Something before and behind: a decoder must keep to its range.
    decoder.feed(`\n\n"${piece}"\r\n\r\ndata: [DONE]\n\n`, 3, 3 + piece.length, i)
  })
  return { log, end: decoder.end() }
}

/** A body of SSE events, one for each frame, as a byte string. */
export function sseBody(frames: readonly unknown[], space = ' '): string {
  return frames
    .map((frame) => `data:${space}${typeof frame === 'string' ? frame : JSON.stringify(frame)}\n\n`)
    .map(encodeUtf8)
    .join('')
}
