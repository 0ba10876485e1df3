import { describe, expect, it } from 'vitest'
import { segmentBounds, segmentShare } from '../../lib/metrics/index.ts'

describe('an execution segment', () => {
  it.each<[string | null, number, number]>([
    [null, 0, 1],
    ['0:1', 0, 1],
    ['0:1/3', 0, 1 / 3],
    ['1/3:2/3', 1 / 3, 2 / 3],
    ['1/4', 0, 1 / 4],
    ['25%', 0, 0.25],
    ['0.2:60%', 0.2, 0.6],
  ])('%s is %d to %d of the load', (segment, from, to) => {
    expect(segmentBounds(segment)).toEqual({ from, to })
    expect(segmentShare(segment)).toBe(to - from)
  })

  it.each(['', 'half', '1:0', '0:2', '0:1/0', '0:1/3:1', '-1:1'])('%j is none', (segment) => {
    expect(segmentBounds(segment)).toBeUndefined()
    expect(segmentShare(segment)).toBe(1)
  })
})
