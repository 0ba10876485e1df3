import { expect, it } from 'vitest'
import { renderText } from '../../lib/report/index.ts'
import type { RunInfo } from '../../lib/results/index.ts'
import { build, trend } from './made-up.ts'

const config = { api: 'embeddings', values: { BATCH_SIZE: 8 } }
const run = build(
  {
    'llm_requests{outcome:completed}': { count: 1000 },
    'llm_input_tokens{measured:true}': { count: 40_000 },
    'llm_e2e{phase:steady}': trend(20),
    llm_e2e: trend(20),
  },
  { config, slo: {} as RunInfo['slo'] },
)

it('counts the texts of embeddings and the tokens that they were', () => {
  const { measured } = run
  expect(measured.textsPerS).toBeCloseTo((1000 * 8 * 1000) / measured.lengthMs, 9)
  expect(measured.inputTokensPerS).toBeCloseTo((40_000 * 1000) / measured.lengthMs, 9)
})

it('shows texts/s and no rows of output tokens', () => {
  const text = renderText(run, { width: 100, color: false })
  expect(text).toMatch(/texts\/s +input tokens\/s/)
  expect(text).toMatch(/^ +input +[\d.,]+ texts\/s, [\d.,]+ input tokens\/s$/m)
  expect(text).toMatch(/steady .* 20\.0 /)
  expect(text).not.toMatch(/per user|^ +(TTFT|TPOT|ITL) /m)
})

it('leaves texts out of what generates', () => {
  expect(build({}).measured.textsPerS).toBeNull()
})
