import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDueTimes, phaseAt, spike } from '../../../lib/load/index.ts'
import { load } from '../load.ts'

const plan = spike(
  load({ rate: 10, peakRate: 100, warmupMs: 5000, durationMs: 8000, spikeMs: 4000 }),
)
const phase = (ms: number) => phaseAt(plan, ms).name

/** Due times of all arrivals, ms: in the middle of each request's own stretch. */
const due = plan.phases.flatMap(({ startMs, endMs, from }) =>
  Array.from({ length: (from * (endMs - startMs)) / 1000 }, (_, i) => {
    return startMs + ((i + 0.5) * 1000) / from
  }),
)

/** Requests of the wrong phase, when these arrivals are dropped and starts are so late. */
function wrong(dropped: (i: number) => boolean, lateMs: (i: number) => number) {
  const dueOf = createDueTimes(plan.phases)
  let n = 0
  return due.filter((dueMs, i) => {
    return !dropped(i) && phase(dueOf(n++, dueMs + lateMs(i))) !== phase(dueMs)
  })
}

describe('the phase of a request of an open loop', () => {
  it('is that of its due time while nothing is dropped, although it starts late', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 99 }), { minLength: 1 }), (late) => {
        expect(
          wrong(
            () => false,
            (i) => late[i % late.length]!,
          ),
        ).toEqual([])
      }),
      { numRuns: 20 },
    )
  })

  it('is that of its due time after drops, where starts are not late', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 50 }), (every) => {
        const dropped = (i: number) => phase(due[i]!) === 'spike' && i % every === 0
        expect(wrong(dropped, () => 0.4)).toEqual([])
      }),
      { numRuns: 20 },
    )
  })
})
