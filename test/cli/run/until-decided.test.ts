import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { watchLimits } from '../../../cli/run/until-decided.ts'
import type { AnyRecord, RequestRecord } from '../../../lib/records/index.ts'
import { virtualRecords } from '../../../scripts/virtual/index.ts'
import type { VirtualRun } from '../../../scripts/virtual/index.ts'

const folder = await mkdtemp(path.join(tmpdir(), 'k6-inference-until-'))
afterAll(() => rm(folder, { recursive: true }))

const RUN = {
  name: 'until',
  ratePerS: 4,
  warmupMs: 5_000,
  measuredMs: 600_000,
  trafficSeed: 1,
  serverSeed: 2,
  slo: { errorRate: 1, ttftP50Ms: 10_000, ttftP90Ms: 1 },
}
/** As if the load had begun so long ago: every look before that is due at once. */
const BEGUN_MS = 300_000

/** What a user is told who joins a run whose records are there up to now. */
async function told(
  name: string,
  run: VirtualRun,
  of: (record: RequestRecord, i: number) => RequestRecord = (record) => record,
): Promise<{ notes: string[]; decided: boolean }> {
  const startedAt = new Date(Date.now() - BEGUN_MS).toISOString()
  const records = virtualRecords(run).flatMap((record, i): AnyRecord[] => {
    if (record.record === 'run') return [{ ...record, startedAt }]
    if (record.record !== 'request') return []
    return record.endMs <= BEGUN_MS ? [of(record, i)] : []
  })
  const file = path.join(folder, name)
  await writeFile(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  const notes: string[] = []
  const over = new AbortController()
  // One look that leaves something open is enough.
  const watch = watchLimits(file, (text) => {
    notes.push(text)
    if (!text.endsWith('limits decided')) over.abort()
  })
  return { decided: await watch.decided(over.signal), notes }
}

describe('a run that ends once its limits are decided', () => {
  test('ends where all are, and says no more', async () => {
    const { notes, decided } = await told('decided.jsonl', RUN)
    expect(notes).toEqual([expect.stringMatching(/^after 3\d\d s: 3 of 3 limits decided$/)])
    expect(decided).toBe(true)
  })

  test('says of each limit that is left open what is known of it', async () => {
    const slo = { errorRate: 1, ttftP99Ms: 100_000 }
    const late = await told('open.jsonl', { ...RUN, ratePerS: 0.5, slo })
    expect(late.decided).toBe(false)
    expect(late.notes[0]).toMatch(
      /^after 3\d\d s: 1 of 2 limits decided; TTFT p99 [\d.]+ ms, at most 100,000 ms: not bounded on both sides yet$/,
    )
  })

  test('names what hides the truth, where it is not chance', async () => {
    const slow = (record: RequestRecord, i: number) => ({
      ...record,
      timerOvershootMs: i % 50 === 0 ? 150 : 1,
    })
    const { notes } = await told('client.jsonl', RUN, slow)
    expect(notes[0]).toContain('the client was the limit')
  })

  test('says where no request is old enough to judge', async () => {
    const hung = (record: RequestRecord, i: number) =>
      i === 1 ? { ...record, endMs: 2 * BEGUN_MS } : record
    const { notes } = await told('hangs.jsonl', RUN, hung)
    expect(notes[0]).toMatch(
      /^after 3\d\d s: nothing to judge yet: the longest request took 10m, and as much of the end is left out$/,
    )
  })
})
