import { describe, expect, it } from 'vitest'
import { differencesOf, differencesShown, validityShown } from '../../lib/frontier/index.ts'
import type { Candidate } from '../../lib/frontier/index.ts'
import type { RequestSample } from '../../lib/runs/index.ts'
import { randomSource } from '../../lib/random/index.ts'
import { shownText } from '../../lib/tables/index.ts'
import { candidate } from './made-up.ts'

/** Which of the prompts a provider answers with a valid schema. */
const times = [1, 1.2, 0.9, 1.1, 1.3, 0.8, 1]

function provider(name: string, valid: readonly boolean[], slower = 1): Candidate {
  const made = candidate({
    ...{ name, graded: valid.length, passed: valid.filter(Boolean).length },
    ...{ ttftP95: [800, 760, 840], tokensPerS: [100, 90, 110], completedPerS: [1, 0.9, 1.1] },
  })
  const requests = valid.map((passed, i) => ({
    id: `load-${i}`,
    promptId: `p${i}`,
    measured: true,
    outcome: 'completed',
    timings: { ttftMs: 100 * times[i % 7]!, tpotMs: slower * (10 + (i % 5)) },
    atMs: 100 * i,
    passed,
    grades: [{ grader: 'json_schema', passed }],
  }))
  return { ...made, run: { ...made.run, requests: requests as unknown as RequestSample[] } }
}

/** Two providers of which the second fails more; some prompts are hard for both. */
function pair(seed: number, prompts: number, gap: number) {
  const random = randomSource(seed, 'providers')
  const hard = Array.from({ length: prompts }, () => random() < 0.05)
  const own = (share: number) => hard.map((isHard) => !isHard && random() >= share)
  return [provider('a', own(0.01)), provider('b', own(0.01 + gap / 0.95))]
}

describe('differences over the same prompts', () => {
  it('are counted by pairs', () => {
    const a = provider('a', [true, true, true, false])
    const b = provider('b', [true, false, false, false])
    const [, , , errors, quality, schema] = differencesOf([a, b])
    expect(errors).toMatchObject({ figure: 'errors', change: 0, pairs: 4, verdict: 'unclear' })
    expect(quality).toMatchObject({ figure: 'quality', value: 0.25, valueOfOther: 0.75 })
    expect(schema).toMatchObject({ figure: 'json_schema', change: -0.5, name: 'b', with: 'a' })
    expect(shownText(differencesShown([schema!]))).toMatch(/b +json_schema +4 +25 % +75 % +-50 pp/)
  })

  it('of latencies are those of the pairs, however different the prompts are', () => {
    const all = Array.from({ length: 400 }, () => true)
    const [ttft, tpot, e2e] = differencesOf([provider('a', all), provider('b', all, 1.1)])
    expect(ttft).toMatchObject({ figure: 'ttft', scale: 'ratio', change: 0, verdict: 'unclear' })
    expect(tpot!.change).toBeCloseTo(0.1, 9)
    expect(tpot).toMatchObject({ figure: 'tpot', verdict: 'worse', pairs: 400 })
    expect(tpot!.valueOfOther).toBe(12)
    expect(e2e).toMatchObject({ pairs: 0, value: null })
    expect(shownText(differencesShown([tpot!]))).toMatch(/TPOT +400 +13\.2 ms +12\.0 ms +\+10 %/)
  })

  it('are of requests with the same prompt only', () => {
    const [a, b] = [provider('a', [true, true]), provider('b', [false, false])]
    const requests = b.run.requests!.map((one) => ({ ...one, promptId: `other ${one.id}` }))
    const other = { ...b, run: { ...b.run, requests } }
    for (const one of differencesOf([a, other])) {
      expect(one).toMatchObject({ pairs: 0, change: null, verdict: 'unclear' })
    }
    expect(shownText(differencesShown(differencesOf([a, other])))).toContain('no pairs')
  })

  it('find a gap of 4 points in schema validity in 95 of 100 comparisons of 800 prompts', () => {
    const verdicts = (gap: number, runs: number) =>
      Array.from({ length: runs }, (_, seed) => differencesOf(pair(seed + 1, 800, gap))).map(
        (all) => all.find(({ figure }) => figure === 'json_schema')!.verdict,
      )
    const found = verdicts(0.04, 200).filter((verdict) => verdict === 'worse').length
    expect(found / 200).toBeGreaterThanOrEqual(0.95)
    const alarms = verdicts(0, 200).filter((verdict) => verdict !== 'unclear').length
    expect(alarms / 200).toBeLessThanOrEqual(0.05)
  })
})

it('validity is told by grader', () => {
  const shown = validityShown([
    candidate({
      ...{ name: 'a', graded: 400, passed: 390 },
      ...{ ttftP95: [1, 1, 1], tokensPerS: [1, 1, 1], completedPerS: [1, 1, 1] },
    }),
  ])
  expect(shownText(shown)).toMatch(/every grader/)
  expect(shownText(shown)).toMatch(/a +400 +97\.5 ±/)
})
