import { randomSource } from '../random/index.ts'
import { selectRows } from './columns.ts'
import type { Trace } from './types.ts'

/**
 * A random share of the requests, conversations kept whole or left out whole. Thinning makes
 * arrivals less bursty (towards Poisson); `scaleRate` keeps the burstiness.
 * @param share 0 to 1; the count is random with this mean
 */
export function sampleTrace(trace: Trace, share: number, seed: number): Trace {
  const source = randomSource(seed, 'trace sample')
  const sessions = new Map<number, boolean>()
  const rows: number[] = []
  for (let i = 0; i < trace.rows; i++) {
    const session = trace.sessions?.[i] ?? 0
    let taken = session === 0 ? undefined : sessions.get(session)
    if (taken === undefined) {
      taken = source() < share
      if (session !== 0) sessions.set(session, taken)
    }
    if (taken) rows.push(i)
  }
  return selectRows(trace, rows)
}
