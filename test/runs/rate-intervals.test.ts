import { expect, test } from 'vitest'
import { randomSource } from '../../lib/random/index.ts'
import type { AnyRecord } from '../../lib/records/index.ts'
import { runOfRecords } from '../../lib/runs/index.ts'
import { virtualRecords } from '../../scripts/virtual/index.ts'

const RUSHES = 12
const [WARMUP_MS, MEASURED_MS] = [5_000, 120_000]

const records = virtualRecords({
  name: 'rates',
  ratePerS: 10,
  warmupMs: WARMUP_MS,
  measuredMs: MEASURED_MS,
  trafficSeed: 5,
  serverSeed: 6,
})

const tokensOf = (all: readonly AnyRecord[]) => {
  const { measured } = runOfRecords('rates', all).report
  const { low, high } = measured.intervals?.['outputTokensPerS'] ?? {}
  return { value: measured.outputTokensPerS, width: (high ?? NaN) - (low ?? NaN) }
}

test('tokens/s that came evenly are as uncertain as the rushes in which they were asked for', () => {
  const uniform = randomSource(1, 'rushes')
  const times = Array.from({ length: RUSHES }, () => WARMUP_MS + MEASURED_MS * uniform()).sort(
    (a, b) => a - b,
  )
  let i = 0
  const measured = records.filter((r) => r.record === 'request' && r.measured).length
  const rushed = records.map((record) => {
    if (record.record !== 'request' || !record.measured) return record
    return { ...record, dueMs: times[Math.floor((RUSHES * i++) / measured)]! }
  })
  const [even, asked] = [tokensOf(records), tokensOf(rushed)]
  expect(asked.value).toBe(even.value)
  expect(asked.width).toBeGreaterThan(2 * even.width)
})
