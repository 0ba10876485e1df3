import type { FaultSet } from './fault-set.ts'
import type { FaultName } from './faults.ts'

/** What a fault does when its token comes; `holds`: the token at hand must not be written now. */
export interface Strike {
  fault: FaultName
  holds: boolean
  act(value: number): void
}

/**
 * Faults that wait for their token: `@n` is before token n, else before the middle one, at the
 * latest before the last.
 *
 * @param strikes in the order in which those of one token strike
 * @returns a function that is told how many tokens were taken, and strikes what is due; true when
 * the token at hand must not be written (now)
 */
export function createStrikes(
  faults: FaultSet,
  totalTokens: number,
  strikes: readonly Strike[],
): (taken: number) => boolean {
  const waiting = strikes.flatMap((strike) => {
    const fault = faults[strike.fault]
    if (fault === undefined) return []
    const at = Math.min(fault.at ?? Math.floor(totalTokens / 2), totalTokens - 1)
    return [{ ...strike, at, value: fault.value }]
  })
  return (taken) => {
    for (let i = 0; i < waiting.length; i++) {
      if (waiting[i]!.at > taken) continue
      const [due] = waiting.splice(i--, 1)
      due!.act(due!.value)
      if (due!.holds) return true
    }
    return false
  }
}
