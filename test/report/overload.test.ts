import { expect, it } from 'vitest'
import type { Report } from '../../lib/results/index.ts'
import { runInfo } from './fixtures/cases.ts'
import { build, onGrid, rate, trend } from './made-up.ts'

interface Made {
  loop: 'open' | 'closed'
  endMs: number
  refused: number
}

const SLICES = Array.from({ length: 12 }, (_, i) => i + 1)
const TOKENS = 100

/**
 * Requests, 160 per slice, of which the server answers so many in it; TTFT is 1 s more in each.
 * @param refused of them
 */
function report(
  answered: number,
  { loop = 'open', endMs = 120_000, refused = 0 }: Partial<Made> = {},
): Report {
  const { plan: base, slo } = runInfo('steady')
  const phase = { name: 'main', startMs: 0, endMs, role: 'main', measured: true } as const
  const plan = { ...base, loop, phases: [{ ...phase, from: 16, to: 16 }], endMs }
  const asked = (160 - refused) * SLICES.length
  const bySlice = SLICES.flatMap((slice) => [
    [`llm_requests_started{slice:${slice}}`, { count: 160 }],
    [`llm_requests{outcome:completed,slice:${slice}}`, { count: 160 - refused }],
    [`llm_output_tokens{outcome:completed,slice:${slice}}`, { count: answered * TOKENS }],
    [`llm_ttft{slice:${slice}}`, onGrid(trend(1000 * slice, 160))],
    [`llm_request_failed{slice:${slice}}`, rate(0, 160)],
  ])
  const metrics = {
    'llm_ttft{measured:true}': trend(12_000, asked),
    'llm_request_failed{measured:true}': rate(0, asked),
    'llm_requests{outcome:completed}': { count: asked },
    'llm_output_tokens{outcome:completed}': { count: asked * TOKENS },
  }
  return build({ ...metrics, ...Object.fromEntries(bySlice) }, { plan, slo, loadStartMs: 0 })
}
const ttft = ({ slo }: Report) => slo.find(({ id }) => id === 'ttft_p95')

it('tells an overloaded server from slices alone, by the tokens that came', () => {
  const overloaded = report(70)
  expect(overloaded.overload).toEqual([{ phase: 'main', camePerS: 16, answeredPerS: 7 }])
  expect(ttft(overloaded)).toMatchObject({ verdict: 'missed', interval: { high: null } })
  expect(ttft(overloaded)?.interval?.low).toBeLessThanOrEqual(6000)
})

it('says nothing of a server that keeps up, or of users who wait for their answers', () => {
  expect(report(158).overload).toEqual([])
  expect(report(70, { loop: 'closed' }).overload).toEqual([])
})

it('takes requests that were refused for no queue', () => {
  expect(report(112, { refused: 48 }).overload).toEqual([])
  expect(report(60, { refused: 48 }).overload).toMatchObject([{ phase: 'main', camePerS: 11.2 }])
})

it('takes slices that fractions of a millisecond make unlike for equal', () => {
  expect(report(70, { endMs: 100_001 }).overload).toMatchObject([{ phase: 'main' }])
})
