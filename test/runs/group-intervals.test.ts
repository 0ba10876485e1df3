import { expect, test } from 'vitest'
import { renderText } from '../../lib/report/index.ts'
import { resultsSchema } from '../../lib/results/schema.ts'
import { runOfRecords } from '../../lib/runs/index.ts'
import { virtualRecords } from '../../scripts/virtual/index.ts'

const records = virtualRecords({
  name: 'groups',
  ratePerS: 10,
  warmupMs: 5_000,
  measuredMs: 120_000,
  trafficSeed: 5,
  serverSeed: 6,
  failures: 0.02,
})

/** The run with its requests shared out to applications and endpoints. */
function shared(apps: readonly string[], endpoints: readonly string[]) {
  const parted = records.map((record, i) => {
    if (record.record === 'request')
      return { ...record, app: apps[i % apps.length]!, endpoint: endpoints[i % endpoints.length]! }
    if (record.record !== 'run') return record
    const run = {
      ...record.run,
      groups: [{ tag: 'app', values: apps }],
      endpoints: endpoints.map((name) => ({ name, weight: 1 })),
    }
    return { ...record, run }
  })
  return runOfRecords('groups', parted).report
}

test('each application and endpoint carries the intervals of its own requests', () => {
  const report = shared(['chat', 'rag'], ['one:80', 'two:80', 'three:80'])
  expect(report.groups).toHaveLength(2)
  expect(report.endpoints).toHaveLength(3)
  for (const { intervals, errorRate, ttftP50Ms } of [...report.groups, ...report.endpoints]) {
    for (const [key, value] of [
      ['llm_ttft.p50', ttftP50Ms],
      ['errorRate', errorRate],
    ] as const) {
      const { low, high } = intervals?.[key] ?? {}
      expect(low ?? NaN, key).toBeLessThanOrEqual(value ?? NaN)
      expect(high ?? NaN, key).toBeGreaterThanOrEqual(value ?? NaN)
    }
  }
  const text = renderText(report, { width: 120, color: false })
  expect(text).toMatch(/^ +chat +\d+ +\S+ ±\S+ %.* \d\S* ±\d/m)
  expect(text).toMatch(/^ +two:80 .* \d\S* ±\d/m)
  expect(resultsSchema.safeParse(JSON.parse(JSON.stringify(report))).success).toBe(true)
})

test('one application with all requests has the intervals of the run', () => {
  const { groups, measured } = shared(['chat'], ['one:80'])
  const [all] = groups
  for (const key of ['llm_ttft.p50', 'llm_ttft.p95', 'llm_e2e.p50', 'errorRate'])
    expect(all?.intervals?.[key], key).toEqual(measured.intervals?.[key])
})
