import { createTextCollector } from './text.ts'
import type { TextCollector } from './text.ts'
import type { CalledTool } from './types.ts'

/** What one frame says of a tool call. */
export interface CallPart {
  /** Place of the call in the answer; undefined where the format does not number calls. */
  index: number | undefined
  /** Only in the frame that opens a call; '' elsewhere. */
  name: string
  /** The next part of its arguments' JSON. */
  arguments: string
}

export interface CallCollector {
  add(part: CallPart): void
  /** The next part of the last call's arguments, as its JSON literal stands on the wire. */
  addLiteral(body: string): void
  calls(): readonly CalledTool[] | undefined
  reset(): void
}

/** No answer has more; each holds some memory. */
const MOST = 128

/** Collects the calls of an answer, whose arguments come in parts. */
export function createCallCollector(on: boolean): CallCollector {
  let calls: { index: number | undefined; name: string; parts: TextCollector }[] = []

  function opened({ index, name }: CallPart) {
    const last = calls[calls.length - 1]
    const known =
      index === undefined
        ? name === ''
          ? last
          : undefined
        : calls.find((call) => call.index === index)
    if (known !== undefined || calls.length >= MOST) return known
    const made = { index, name, parts: createTextCollector(true) }
    calls.push(made)
    return made
  }

  return {
    add(part) {
      if (!on) return
      const call = opened(part)
      // Some gateways repeat the name in every frame.
      if (call !== undefined && call.name === '') call.name = part.name
      if (part.arguments !== '') call?.parts.addText(part.arguments)
    },
    addLiteral(body) {
      if (on) calls[calls.length - 1]?.parts.addLiteral(body)
    },
    calls: () =>
      on ? calls.map(({ name, parts }) => ({ name, arguments: parts.text() ?? '' })) : undefined,
    reset() {
      if (calls.length > 0) calls = []
    },
  }
}
