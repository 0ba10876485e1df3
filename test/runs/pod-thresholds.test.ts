import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wholeVerdict } from '../../lib/runs/pods/thresholds.ts'

describe('a threshold over several pods', () => {
  it.each<[string, (boolean | null)[], Record<string, number>, boolean, boolean | null]>([
    ['count>100', [false, false], { count: 150 }, false, true],
    ['p(95)<500', [true, true], {}, false, true],
    ['p(95)<500', [false, false], {}, false, false],
    ['p(95)<500', [true, false], {}, false, null],
    ['p(95)<500', [true, null], {}, false, null],
    // A third of the count each: the whole may well be above.
    ['count>=100', [false, false, false], {}, false, null],
    ['count>=100', [false, true, false], {}, false, true],
    ['count<100', [true, true], {}, false, null],
    ['count<100', [true, false], {}, false, false],
    // As a count per second the rates add up, as a share they do not.
    ['rate>0.9', [false, false], {}, false, null],
    ['rate>0.9', [false, false], {}, true, false],
    ['rate<0.1', [true, true], {}, true, true],
    ['max<800', [true, true], {}, false, true],
    ['max<800', [true, false], {}, false, false],
    ['min<8', [false, true], {}, false, true],
    ['value<3', [true, true], {}, false, true],
    ['avg==3', [true, true], {}, false, null],
    ['not an expression', [true, true], {}, false, null],
  ])('%s by %j and %j is %s', (expression, verdicts, values, isShare, wanted) => {
    expect(wholeVerdict(expression, verdicts, values, isShare)).toBe(wanted)
  })

  it('is never told otherwise than all values together say', () => {
    const values = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 })
    // Without interpolation, whose width is what percentiles of pods are known to.
    const rank = (list: readonly number[], p: number) =>
      [...list].sort((a, b) => a - b)[Math.ceil(p * list.length) - 1]!
    const STATS: Record<string, (list: readonly number[]) => number> = {
      'p(95)': (list) => rank(list, 0.95),
      med: (list) => rank(list, 0.5),
      avg: (list) => list.reduce((a, b) => a + b, 0) / list.length,
      min: (list) => Math.min(...list),
      max: (list) => Math.max(...list),
      count: (list) => list.reduce((a, b) => a + b, 0),
    }
    const OPERATORS: Record<string, (a: number, b: number) => boolean> = {
      '<': (a, b) => a < b,
      '<=': (a, b) => a <= b,
      '>': (a, b) => a > b,
      '>=': (a, b) => a >= b,
    }
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...Object.keys(STATS)),
        fc.constantFrom(...Object.keys(OPERATORS)),
        fc.integer({ min: 0, max: 40 }),
        (pods, stat, operator, limit) => {
          const holds = (list: readonly number[]) => OPERATORS[operator]!(STATS[stat]!(list), limit)
          const told = wholeVerdict(`${stat}${operator}${limit}`, pods.map(holds), {}, false)
          if (told !== null) expect(told).toBe(holds(pods.flat()))
        },
      ),
      { numRuns: 2000 },
    )
  })
})
