import { decodeUtf8, encodeUtf8 } from '../http/index.ts'

const maxText = 8 * 2 ** 20

export interface TextCollector {
  readonly on: boolean
  /** @param body body of a JSON string literal as it stands on the wire, a byte string */
  addLiteral(body: string): void
  /** @param value value of a parsed JSON string */
  addText(value: string): void
  text(): string | undefined
  reset(): void
}

/**
 * Collects generated text. Literal bodies are kept as they came and decoded together at the end:
 * joined bodies are again a body, and the halves of a surrogate pair in two frames come together.
 */
export function createTextCollector(on: boolean): TextCollector {
  let bodies: string[] = []
  let bytes = 0

  /** Text longer than any answer is dropped, so that an endless one does not fill the memory. */
  function add(body: string): void {
    if ((bytes += body.length) <= maxText) bodies.push(body)
  }

  return {
    on,
    reset() {
      if (bytes > 0) bodies = []
      bytes = 0
    },
    addLiteral(body) {
      if (on) add(body)
    },
    addText(value) {
      if (on && value !== '') add(encodeUtf8(JSON.stringify(value).slice(1, -1)))
    },
    text() {
      if (!on) return undefined
      return (
        parseBody(bodies.join('')) ?? bodies.map((body) => parseBody(body) ?? '\ufffd').join('')
      )
    },
  }
}

function parseBody(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(`"${decodeUtf8(body)}"`)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
