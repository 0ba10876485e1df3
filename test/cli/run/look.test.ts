import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createLooker } from '../../../cli/run/look.ts'
import { readRun } from '../../../cli/run-folder/index.ts'
import { endLine } from '../../../lib/records/index.ts'
import type { RequestRecord } from '../../../lib/records/index.ts'
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
const requests = records
  .filter((r): r is RequestRecord => r.record === 'request')
  .sort((a, b) => a.endMs - b.endMs)

/** The lines that came until a time. @param but requests that have none */
function written(nowMs: number, but: (r: RequestRecord) => boolean = () => false) {
  const lines = requests
    .filter((r) => r.endMs <= nowMs && !but(r))
    .map((record) => `${JSON.stringify(record)}\n`)
  return lines.join('')
}

const HEAD = `${JSON.stringify(records.find((r) => r.record === 'run'))}\n`

async function fileOf(name: string, text: string): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, text)
  return file
}

describe('a look at a run that goes on', () => {
  test('limits far from the figures are decided by a part of the run, at a strict confidence', async () => {
    const file = await fileOf('long.jsonl', HEAD + written(300_000))
    const seen = await createLooker(file).look(300_000, 0.99)
    const verdict = (id: string) => seen?.slo.find((each) => each.id === id)?.verdict
    expect([verdict('ttft_p50'), verdict('ttft_p90')]).toEqual(['kept', 'missed'])
    expect(seen?.unanswered).toBe(0)
  })

  test('nothing is decided by a few requests', async () => {
    const file = await fileOf('short.jsonl', HEAD + written(14_000))
    const slo = (await createLooker(file).look(14_000, 0.99))?.slo ?? []
    expect(
      slo.filter(({ builtIn, id }) => !builtIn && id.startsWith('ttft')).map((v) => v.verdict),
    ).toEqual(['undecided', 'undecided'])
  })

  test('the head is there from the first line on, and each line is read once, whole', async () => {
    const file = path.join(folder, 'grows.jsonl')
    const looker = createLooker(file)
    expect(await looker.head()).toBeUndefined()
    await writeFile(file, HEAD.slice(0, 90))
    expect(await looker.head()).toBeUndefined()
    const whole = written(300_000)
    await appendFile(file, HEAD.slice(90) + whole.slice(0, -40))
    expect((await looker.head())?.run.scenario).toBe('chat-steady')
    await looker.look(200_000, 0.99)
    await appendFile(file, whole.slice(-40))
    const grown = await looker.look(300_000, 0.99)
    const once = await createLooker(await fileOf('once.jsonl', HEAD + whole)).look(300_000, 0.99)
    expect(grown).toEqual(once)
  })

  test('requests that hang are missing from the figures, and keep a limit open', async () => {
    // One in ten of them has no answer.
    const hangs = (r: RequestRecord) => r.id.endsWith('7')
    const file = await fileOf('hang.jsonl', HEAD + written(300_000, hangs))
    const seen = await createLooker(file).look(300_000, 0.99)
    expect(seen?.unanswered).toBeGreaterThan(300)
    // p50 keeps its limit whatever they come to; a p90 might not.
    expect(seen?.slo.find(({ id }) => id === 'ttft_p50')?.verdict).toBe('kept')
    const lone = { ...RUN, slo: { errorRate: 1, ttftP95Ms: 10_000 } }
    const head = JSON.stringify(virtualRecords(lone).find((r) => r.record === 'run'))
    const other = await fileOf('hang-95.jsonl', `${head}\n${written(300_000, hangs)}`)
    const p95 = (await createLooker(other).look(300_000, 0.99))?.slo.find(
      (v) => v.id === 'ttft_p95',
    )
    expect(p95?.verdict).toBe('unclear')
  })

  test('a client whose machine is too slow leaves open what was missed by far', async () => {
    // The timers of one request in 50 fire late, and so does the p99.
    const late = requests
      .filter((r) => r.endMs <= 300_000)
      .map((r, i) => `${JSON.stringify({ ...r, timerOvershootMs: i % 50 === 0 ? 150 : 1 })}\n`)
    const file = await fileOf('late.jsonl', HEAD + late.join(''))
    const seen = await createLooker(file).look(300_000, 0.99)
    expect(seen?.slo.find(({ id }) => id === 'ttft_p90')).toMatchObject({
      verdict: 'unclear',
      note: 'the client was the limit',
    })
  })

  test('a server that falls silent has answered nothing since', async () => {
    const file = await fileOf('silent.jsonl', HEAD + written(100_000))
    const seen = await createLooker(file).look(300_000, 0.99)
    expect(seen?.unanswered).toBeGreaterThan(1500)
  })
})

test('the report of a run that was ended is that of the look: the same verdicts from the same requests', async () => {
  const file = await fileOf('decided.jsonl', HEAD + written(200_000))
  const seen = await createLooker(file).look(200_000, 0.995)
  if (seen === undefined) throw new Error('nothing was seen')
  // Answers go on coming until k6 has ended, slow ones among them.
  const slow = (r: RequestRecord) => ({ ...r, firstTokenMs: r.endMs - 1, lastTokenMs: r.endMs })
  const late = requests.filter((r) => r.endMs > 200_000 && r.endMs < 203_000)
  const { part, unanswered } = seen
  const end = endLine(part.endMs, unanswered, { decided: part, confidence: 0.995 })
  await appendFile(file, `${late.map((r) => JSON.stringify(slow(r))).join('\n')}\n${end}\n`)
  const { report } = await readRun(file)
  const told = ({ id, verdict, interval, value }: (typeof report.slo)[number]) => ({
    id,
    verdict,
    interval,
    value,
  })
  expect(report.slo.map(told)).toEqual(seen.slo.map(told))
  expect(report.certainty?.confidence).toBe(0.995)
  expect(report.run).toMatchObject({ endedEarly: false, plannedMs: part.endMs })
  expect(report.measured.lengthMs).toBeCloseTo(part.endMs - RUN.warmupMs, 6)
  // The slices are those of the whole plan: 600 s in 12.
  expect(report.slices.map(({ startMs }) => startMs)).toEqual([5_000, 55_000, 105_000, 155_000])
  expect(report.slices.every(({ completed }) => (completed ?? 0) > 0)).toBe(true)
  expect(report.warnings.map(({ message }) => message).join()).toMatch(
    /every limit was decided by the requests due in the first \d+s of at most 605s/,
  )
  // Tokens that came later do not count.
  const tokens = report.measured.outputTokensPerS ?? 0
  const fair = requests
    .filter((r) => r.measured && (r.lastTokenMs ?? 0) < part.endMs)
    .reduce((sum, r) => sum + r.outputTokens, 0)
  expect(tokens / ((1000 * fair) / (part.endMs - RUN.warmupMs))).toBeCloseTo(1, 1)
})
