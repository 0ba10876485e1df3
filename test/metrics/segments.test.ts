import { describe, expect, it } from 'vitest'
import {
  missingSegments,
  overlap,
  segmentBounds,
  segmentParts,
  segmentShare,
} from '../../lib/metrics/index.ts'

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

describe('segments of several pods', () => {
  it.each<[string, (string | null)[] | undefined, number]>([
    ['0:1/3,1/3:2/3', ['0:1/3', '1/3:2/3'], 2 / 3],
    ['2/3:1, 0:1/3', ['0:1/3', '2/3:1'], 2 / 3],
    ['0:1/2,1/3:1', undefined, 1],
    ['0:1/2,half', undefined, 1],
  ])('%s', (text, parts, share) => {
    expect(segmentParts(text)).toEqual(parts)
    expect(segmentShare(text)).toBeCloseTo(share, 12)
  })

  it.each<[(string | null)[], string[]]>([
    [[null], []],
    [['0:1/3', '1/3:2/3', '2/3:1'], []],
    [['0:33.3333333333%', '1/3:1'], []],
    [['0:1/3', '2/3:1'], ['1/3:2/3']],
    [['1/4:1/2'], ['0:1/4', '1/2:1']],
    [[], ['0:1']],
  ])('%j leave %j', (ordered, missing) => {
    expect(missingSegments(ordered)).toEqual(missing)
  })

  it.each<[string | null, string | null, boolean]>([
    ['0:1/3', '1/3:2/3', false],
    ['0:1/2', '1/3:2/3', true],
    [null, '1/3:2/3', true],
    ['2/3:1', '0:1/3', false],
  ])('%s and %s overlap: %s', (a, b, both) => {
    expect(overlap(a, b)).toBe(both)
    expect(overlap(b, a)).toBe(both)
  })
})
