import { describe, expect, it } from 'vitest'
import { findCapacity, replicasFor } from '../../../lib/capacity/index.ts'
import type { SearchOptions } from '../../../lib/capacity/index.ts'
import { randomSource } from '../../../lib/random/index.ts'
import { capacityCharts } from '../../../lib/html/index.ts'
import { num, shownText } from '../../../lib/tables/index.ts'
import { capacityShown } from '../../../cli/capacity/show.ts'
import { falling, minute, OPTIONS } from '../../capacity/made-up.ts'

const limits = ['SLO_TPOT_P95=12']

/** A search on a server that keeps its limits up to 9.3 requests/s. */
function searched(more: Partial<SearchOptions> = {}) {
  const random = randomSource(1)
  const share = falling(9.3)
  return findCapacity(async (load) => minute(load, share(load), random), { ...OPTIONS, ...more })
}

describe('what a search found', () => {
  it('is named with how far it is known and the limits, and all loads are drawn', async () => {
    const found = await searched()
    const text = shownText(capacityShown(found, undefined, limits))
    expect(text).toMatch(/^Capacity \d\.\d+ requests\/s \([\d.]+ to [\d.]+ at 95 % confidence\)/)
    expect(text).toContain('SLO_TPOT_P95=12')
    expect(text).toContain(
      'Measured with chat-steady on m: 200 input tokens and 100 output tokens per request.',
    )
    const [shares] = capacityCharts(found)
    const drawn = shares!.lines.flatMap(({ x = [], values, low, high }) =>
      x.map((load, i) => [load, values[i], low?.[i], high?.[i]]),
    )
    expect(drawn.sort(([a], [b]) => (a as number) - (b as number))).toEqual(
      found.points.map((p) => [p.load, p.goodShare, p.low, p.high]),
    )
    expect(shares!.marks).toEqual([
      { at: found.low, to: found.high, label: '' },
      { at: found.capacity, label: `capacity ${num(found.capacity)} requests/s` },
    ])
  })

  it('counts replicas with its lower end, and says so', async () => {
    const found = await searched()
    const replicas = replicasFor(100, found.perReplica!, 1)
    const text = shownText(capacityShown(found, replicas, limits))
    expect(text).toContain(`A replica counts as ${num(found.low)} requests/s, the lower end:`)
    expect(text).toContain(
      `${Math.ceil(100 / found.low!) + 1} replicas for a peak of 100 requests/s, at ${num(found.low)} each`,
    )
  })

  it('is called about right when its time ended first', async () => {
    const short = await searched({ precision: 0.001, maxMinutes: 40 })
    expect(shownText(capacityShown(short, undefined, limits))).toMatch(
      /^Capacity about \d\.\d+ requests\/s, known only to ±\d+ % \([^]*the most that was allowed/,
    )
    const none = await searched({ maxRuns: 1 })
    expect(shownText(capacityShown(none, undefined, limits))).toMatch(/^Capacity not found within/)
    expect(JSON.stringify(capacityCharts(none))).not.toContain('null')
  })
})
