import type { FaultSet } from './faults.ts'

/** What faults in the middle of a stream do when their token comes. */
export interface StrikeActions {
  stall(ms: number): void
  badJson(): void
  badChunk(): void
  errorEvent(): void
  truncate(): void
  cut(): void
  reset(): void
}

/**
 * Faults that wait for their token: `@n` is before token n, else before the middle one, at the
 * latest before the last.
 *
 * @returns a function that is told how many tokens were taken, and strikes what is due; true when
 * the token at hand must not be written (now)
 */
export const createStrikes = (
  faults: FaultSet,
  totalTokens: number,
  actions: StrikeActions,
): ((taken: number) => boolean) => {
  const table = [
    // A stall comes first: what ends the stream may be asked for at the same token.
    ['stall', () => actions.stall(faults.stall?.value ?? 0), true],
    ['bad-json', actions.badJson, false],
    ['bad-chunk', actions.badChunk, true],
    ['error-event', actions.errorEvent, true],
    ['truncate', actions.truncate, true],
    ['cut', actions.cut, true],
    ['reset', actions.reset, true],
  ] as const
  const waiting = table.flatMap(([name, act, holds]) => {
    const fault = faults[name]
    if (fault === undefined) return []
    return [{ at: Math.min(fault.at ?? Math.floor(totalTokens / 2), totalTokens - 1), act, holds }]
  })
  return (taken) => {
    for (let i = 0; i < waiting.length; i++) {
      if (waiting[i]!.at > taken) continue
      const [due] = waiting.splice(i--, 1)
      due!.act()
      if (due!.holds) return true
    }
    return false
  }
}
