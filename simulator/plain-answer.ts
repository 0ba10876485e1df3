import { bill } from './billing.ts'
import type { Choice, FormatName, StreamEvent } from './formats/index.ts'
import { formats } from './formats/index.ts'
import { ApiError } from './api-error.ts'
import { completeOptions } from './options.ts'

/** A streamed answer of a wire format event by event, for servers that play bytes of their own. */
export interface PlainAnswer {
  framing: 'sse' | 'ndjson'
  contentType: string
  /** Ahead of the first token: the role, or what else opens an answer. */
  opening: StreamEvent[]
  /** The events of each token; the last one's may tell the finish reason too. */
  tokens: StreamEvent[][]
  /** Finish reason, usage and terminal marker, as far as the format has them. */
  ending: StreamEvent[]
  /** An error in the middle of the stream, in the format's own words. */
  error: StreamEvent
  /** Body of an HTTP error. */
  errorBody: string
  /** The whole answer as one body, not streamed. */
  whole: string
}

const promptTokens = 9

/**
 * An answer as the servers of a wire format write it when nothing goes wrong.
 *
 * @param words the text of each token
 */
export function plainAnswer(name: FormatName, words: readonly string[]): PlainAnswer {
  const format = formats.find((one) => one.name === name)
  if (format === undefined) throw new RangeError(`${name} streams no answers`)
  const options = completeOptions({})
  const head = { id: 'plain-1', model: 'm', created: 1, promptTokens, options, faults: {} }
  const writer = format.createWriter(head)
  const choice: Choice = { index: 0, seed: 1, tool: undefined }
  const billed = (completion: number) =>
    bill({ prompt: promptTokens, completion, reasoning: 0, cached: undefined }, {})
  const all = billed(words.length)
  const opening = writer.open(choice)
  const tokens = words.map((text, index) => {
    const piece = { part: 'content' as const, text, tokens: 1, index, opensTool: false }
    const ends = writer.finishOnLast && index === words.length - 1
    const usage = format.countsAlways ? billed(index + 1) : undefined
    return writer.piece(choice, piece, ends ? all : usage, ends ? 'stop' : undefined)
  })
  const finish = writer.finishOnLast ? [] : writer.finish(choice, 'stop', undefined)
  return {
    framing: format.framing,
    contentType: format.framing === 'sse' ? 'text/event-stream' : 'application/x-ndjson',
    opening,
    tokens,
    ending: [
      ...finish,
      ...writer.close('stop', all),
      ...writer.done('stop', all),
      ...(format.doneLine === undefined ? [] : [format.doneLine]),
    ],
    error: format.errorEvent('the engine died'),
    errorBody: format.errorBody(new ApiError(500, 'the engine died')),
    whole: format.whole(
      head,
      [
        {
          ...choice,
          reason: 'stop',
          reasoning: '',
          content: words.join(''),
          arguments: undefined,
        },
      ],
      all,
    ),
  }
}
