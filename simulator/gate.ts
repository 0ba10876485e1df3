import type { PlannedChoice } from './plan.ts'

/** A token that the engine has generated. */
export interface Token {
  choice: PlannedChoice
  index: number
  scheduledMs: number
}

/** Holds tokens back while a fault wants silence, and gives them out in one go after it. */
export interface Gate {
  readonly holding: boolean
  /** Tokens are given out that were held back. */
  readonly releasing: boolean
  /** How many are held. */
  readonly size: number
  /** Holds from now on, for so long; Infinity: until {@link release} is called. */
  holdFor(ms: number): void
  push(token: Token): void
  release(): void
  close(): void
}

/**
 * @param write takes a token; it may hold the gate anew and push the token back
 * @param opening called when the time of silence is over, before the tokens go out
 * @param together cork and uncork around many writes
 */
export function createGate(
  write: (token: Token) => void,
  opening: () => void,
  together: (write: () => void) => void,
): Gate {
  const timers = new Set<NodeJS.Timeout>()
  let held: Token[] | undefined
  let releasing = false
  let closed = false

  function release(): void {
    const tokens = held ?? []
    held = undefined
    releasing = true
    together(() => {
      for (const [i, token] of tokens.entries()) {
        if (closed) break
        write(token)
        if (held !== undefined) {
          // A fault struck again on the way: the rest waits behind the token that was pushed back.
          ;(held as Token[]).push(...tokens.slice(i + 1))
          break
        }
      }
    })
    releasing = false
  }

  return {
    get holding() {
      return held !== undefined
    },
    get releasing() {
      return releasing
    },
    get size() {
      return held?.length ?? 0
    },
    holdFor(ms) {
      held ??= []
      if (ms === Infinity) return
      const timer = setTimeout(() => {
        timers.delete(timer)
        opening()
        release()
      }, ms)
      timers.add(timer)
    },
    push(token) {
      held?.push(token)
    },
    release,
    close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
