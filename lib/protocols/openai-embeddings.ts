import { readError } from './errors.ts'
import { parseObject } from './json.ts'
import { createJsonStream } from './json-stream.ts'
import { notJson, promptText, readUsage } from './openai-common.ts'
import type { Protocol } from './types.ts'

/** OpenAI embeddings: one JSON answer, no stream and no output tokens. */
export const openaiEmbeddings: Protocol = {
  name: 'embeddings',
  framing: 'sse',
  native: false,
  streams: false,
  terminator: 'a whole JSON answer',
  encode(request, options) {
    const input = request.input ?? request.prompt ?? promptText(request)
    return {
      method: 'POST',
      path: '/embeddings',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: options.model, input, ...request.extra }),
    }
  },
  createDecoder(sink, options) {
    return createJsonStream(
      { framing: 'sse', createReader: () => () => {}, textKeys: [] },
      sink,
      options,
    )
  },
  decodeWhole(body) {
    const answer = parseObject(withoutVectors(body)) ?? parseObject(body)
    if (answer === undefined) return notJson()
    const empty = !Array.isArray(answer['data']) || answer['data'].length === 0
    const missing = { message: 'the answer holds no embedding', type: 'not_json' }
    return {
      error: readError(answer) ?? (empty ? missing : undefined),
      usage: readUsage(answer['usage']),
      finishReason: undefined,
      text: undefined,
    }
  },
}

const vector = '"embedding"'
const opening = /^\s{0,8}:\s{0,8}\[/

/**
 * The answer with its vectors emptied: their numbers are nearly all of it, and nobody looks at them.
 * Parsing 8 vectors of 1,536 numbers took 9 ms in k6's engine, this takes 0.1 ms; a closed loop would lose
 * that time. A vector with a NaN is left in, and makes the JSON invalid. Where vectors are nested in any
 * other way, the result is no valid JSON either, and the whole answer is parsed.
 */
function withoutVectors(body: string): string {
  const pieces: string[] = []
  let from = 0
  for (let at = body.indexOf(vector); at >= 0; at = body.indexOf(vector, from)) {
    const named = at + vector.length
    const open = opening.exec(body.slice(named, named + 20))?.[0].length
    const close = open === undefined ? named : body.indexOf(']', named)
    if (close < 0) break
    const numbers = body.slice(named + (open ?? 0), close)
    const kept = numbers.includes('N') || numbers.includes('n') ? numbers : ''
    pieces.push(body.slice(from, named + (open ?? 0)), kept)
    from = close
  }
  return pieces.join('') + body.slice(from)
}
