import { expect, it } from 'vitest'
import type { Report } from '../../lib/results/index.ts'
import { runInfo } from './fixtures/cases.ts'
import { build, onGrid, rate, trend } from './made-up.ts'

const SLICES = Array.from({ length: 12 }, (_, i) => i + 1)
const TOKENS = 100

/** Two minutes at 16 requests/s, of which the server answers so many per slice of 10 s; TTFT is 1 s more in each. */
function report(answered: number, loop: 'open' | 'closed' = 'open'): Report {
  const { plan: base, slo } = runInfo('steady')
  const phase = { name: 'main', startMs: 0, endMs: 120_000, role: 'main', measured: true } as const
  const plan = { ...base, loop, phases: [{ ...phase, from: 16, to: 16 }], endMs: 120_000 }
  const asked = 160 * SLICES.length
  const bySlice = SLICES.flatMap((slice) => [
    [`llm_requests_started{slice:${slice}}`, { count: 160 }],
    [`llm_requests{outcome:completed,slice:${slice}}`, { count: 160 }],
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
  expect(report(70, 'closed').overload).toEqual([])
})
