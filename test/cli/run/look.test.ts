import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { headOf, lookAt } from '../../../cli/run/look.ts'
import { runOfRecords } from '../../../lib/runs/index.ts'
import { virtualRecords } from '../../../scripts/virtual/index.ts'

const folder = await mkdtemp(path.join(tmpdir(), 'k6-inference-look-'))
afterAll(() => rm(folder, { recursive: true }))

const RUN = {
  name: 'look',
  ratePerS: 12,
  warmupMs: 5_000,
  measuredMs: 600_000,
  trafficSeed: 1,
  serverSeed: 2,
  slo: { errorRate: 1, ttftP50Ms: 10_000, ttftP90Ms: 1 },
}
const records = virtualRecords(RUN)

/** The records that had been written at a time, and half of the next line. */
async function written(name: string, nowMs: number): Promise<string> {
  const file = path.join(folder, name)
  const lines = records
    .filter((r) => r.record === 'run' || (r.record === 'request' && r.endMs <= nowMs))
    .map((record) => JSON.stringify(record))
  await writeFile(file, `${lines.join('\n')}\n${(lines[1] as string).slice(0, 90)}`)
  return file
}

test('limits far from the figures are decided by a part of the run, at a strict confidence', async () => {
  const file = await written('long.jsonl', 300_000)
  const slo = await lookAt(file, 300_000, 0.99)
  const verdict = (id: string) => slo.find((each) => each.id === id)?.verdict
  expect([verdict('ttft_p50'), verdict('ttft_p90')]).toEqual(['kept', 'missed'])
})

test('nothing is decided by a few requests', async () => {
  const file = await written('short.jsonl', 14_000)
  const slo = await lookAt(file, 14_000, 0.99)
  expect(
    slo.filter(({ builtIn, id }) => !builtIn && id.startsWith('ttft')).map((v) => v.verdict),
  ).toEqual(['undecided', 'undecided'])
})

test('the head is there from the first line on', async () => {
  expect(await headOf(path.join(folder, 'none.jsonl'))).toBeUndefined()
  expect((await headOf(await written('head.jsonl', 6_000)))?.run.scenario).toBe('chat-steady')
})

test('a run that ended because it was decided has ended as planned', () => {
  const decidedMs = 200_000
  const seen = records.filter(
    (r) => r.record === 'run' || (r.record === 'request' && r.endMs <= decidedMs),
  )
  const end = { v: 1, record: 'end', atMs: decidedMs, interrupted: 0 } as const
  const early = runOfRecords('early', [...seen, end]).report
  const decided = runOfRecords('decided', [...seen, { ...end, decidedMs }]).report
  expect(early.run.endedEarly).toBe(true)
  expect(decided.run).toMatchObject({ endedEarly: false, plannedMs: decidedMs })
  expect(decided.measured.lengthMs).toBe(decidedMs - RUN.warmupMs)
  expect(decided.verdict.status).toBe('failed')
})
