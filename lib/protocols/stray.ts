import { decodeUtf8 } from '../http/index.ts'
import type { ServerError } from './effects.ts'
import { anyError, readError, readFlatError } from './errors.ts'
import { parseObject } from './json.ts'

/** Lines of a body that are not events: a bare JSON or HTML answer where a stream was asked for. */
export interface Stray {
  add(line: string): void
  /** The body is over. @returns those lines as text, the first 16 kB of them */
  end(): string
  reset(): void
}

const maxBytes = 16_384
// llama.cpp wrote `error: {…}` as its own SSE field (ggml-org/llama.cpp#14566).
const errorField = /^error: ?([^]*)$/

/** @param onError called with an error among the lines, as soon as it is complete */
export function createStray(onError: (error: ServerError) => void): Stray {
  let lines: string[] = []
  let bytes = 0

  function reset(): void {
    if (bytes > 0) lines = []
    bytes = 0
  }

  function readJson(json: string): void {
    const frame = parseObject(json)
    const error = frame && (readError(frame) ?? readFlatError(frame))
    if (error !== undefined) onError(error)
  }

  return {
    reset,
    add(line) {
      const field = errorField.exec(line)
      if (field !== null) {
        const content = decodeUtf8(field[1]!)
        const frame = parseObject(content)
        onError((frame && readError({ error: frame })) ?? anyError(frame, content))
      } else if (bytes < maxBytes) {
        const kept = line.slice(0, maxBytes - bytes)
        lines.push(kept)
        bytes += kept.length + 1
        if (line.startsWith('{')) readJson(decodeUtf8(line))
      }
    },
    end() {
      const body = decodeUtf8(lines.join('\n'))
      if (lines.length > 1 && body.trimStart().startsWith('{')) readJson(body)
      lines = []
      return body
    },
  }
}
