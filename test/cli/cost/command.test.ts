import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from '../../../cli/cost/main.ts'
import { money } from '../../../cli/cost/show.ts'
import type { CostData } from '../../../cli/cost/types.ts'
import { readRun } from '../../../cli/run-folder/index.ts'
import type { CapacityResult } from '../../../lib/capacity/index.ts'
import { perMillionAt } from '../../../lib/cost/index.ts'
import { duration, num } from '../../../lib/tables/index.ts'
import { madeUpRecords, recordLines } from '../../support/made-up-records.ts'
import type { MadeUpRun } from '../../support/made-up-records.ts'
import { terminal } from '../../support/terminal.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cost-'))
})
afterAll(() => rm(dir, { recursive: true }))

/** The folder of a run that left records. */
async function runOf(name: string, run: MadeUpRun = {}): Promise<string> {
  const folder = path.join(dir, name)
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'requests.jsonl'), recordLines(madeUpRecords(run)))
  return folder
}

async function command(...argv: string[]) {
  const to = terminal()
  return { code: await main(argv, to), ...to.written }
}

async function dataOf(...argv: string[]): Promise<CostData> {
  const { code, out, note } = await command(...argv, '--format', 'json')
  expect(note).toBe('')
  expect(code).toBe(0)
  return JSON.parse(out) as CostData
}

// 3.6 · 2 · 1.5 = 10.8 USD per replica hour.
const GPU = ['--gpu-hour', '3.6', '--gpus', '2', '--overhead', '50%']

describe('the cost of a run', () => {
  it('is that of its throughput, and of its tokens', async () => {
    const data = await dataOf(
      ...[await runOf('plain', { cachedTokens: 60 }), ...GPU],
      ...['--price-input', '1', '--price-cached', '0.5', '--price-output', '2'],
      ...['--capacity', '4', '--daily', '1,3,9,3', '--gpu-hour-reserved', '1.8'],
    )
    // 100 requests of 20 tokens in 10 s.
    const [fleet] = data.fleets
    expect(fleet).toMatchObject({ kind: 'on demand', replicas: 1 })
    expect(fleet!.lines[0]!.perMillionOutput).toBeCloseTo(10.8 / 0.72, 9)
    expect(fleet!.lines[0]!.perRequest).toBeCloseTo(10.8 / 36_000, 12)
    // 4 requests/s of 20 tokens.
    expect(fleet!.atLimit!.perMillionOutput).toBeCloseTo(10.8 / 0.288, 9)
    expect(data.tokens!.lines[0]!.perRequest).toBeCloseTo((40 + 60 * 0.5 + 20 * 2) / 1e6, 15)
    expect(data.months![0]!.month.staticReplicas).toBe(4)
    expect(data.months!.map(({ name }) => name)).toEqual([
      'on demand',
      'reserved',
      'static reserved, scaled on demand',
    ])
  })

  it('is set against that of tokens, for a month of load', async () => {
    const args = [
      ...[await runOf('plain'), ...GPU, '--price-input', '1', '--price-output', '2'],
      ...['--capacity', '4', '--daily', '2,2', '--gpu-hour-spot', '1'],
    ]
    const { breakEven, months } = await dataOf(...args)
    expect(breakEven!.map(({ kind }) => kind)).toEqual(['on demand', 'spot'])
    const [at] = breakEven!
    // 100 + 20 tokens: 0.00014 each, so 2 replicas at 10.8 an hour buy 112.6 million requests; one serves 10.5.
    expect(at!.lines[0]!.buyPerRequest).toBeCloseTo(0.00014, 12)
    expect(at!.least).toBeNull()
    expect(at!.month).toMatchObject({ requests: 2 * 3600 * 730 })
    expect(at!.month!.buy).toBeCloseTo(2 * 3600 * 730 * 0.00014, 6)
    expect(at!.month!.hostStatic).toBe(months![0]!.month.staticCost)
    const { out } = await command(...args)
    expect(out).toMatch(/Buy or host, at on-demand GPU prices\n\n +Buying is cheaper at any load/)
    expect(out).toMatch(/all +0\.000140 USD +0\.000750 USD +21\.4 requests\/s per replica +never/)
    expect((await dataOf(args[0]!, ...GPU)).breakEven).toBeNull()
    // 0.0009 bought and 0.00075 in full use, of which a load with that peak makes only half.
    const uneven = [
      '--price-input',
      '1',
      '--price-output',
      '40',
      '--capacity',
      '4',
      '--daily',
      '0,4',
    ]
    const half = await command(args[0]!, ...GPU, ...uneven)
    expect(half.out).toMatch(/cheaper than a fleet sized for the peak.* pays from 83\.33 % use on/)
    expect(half.out).not.toContain('in full use costs more')
  })

  it.each<[string, MadeUpRun, number]>([
    ['whole', {}, 10_000],
    ['stopped', { endMs: 5_000 }, 3_000],
    ['failing', { failing: 3, ratePerS: 7 }, 10_000],
    ['of several applications', { apps: ['chat', 'rag'], models: ['m', 'n'], endMs: 9_000 }, 7_000],
  ])('has the window and the rates of the report: %s', async (name, run, lengthMs) => {
    const folder = await runOf(name, run)
    const { report } = await readRun(folder)
    const { measured } = report
    const data = await dataOf(folder, ...GPU)
    expect(data.run).toMatchObject({
      verdict: report.verdict,
      lengthMs,
      plannedMs: 10_000,
      endedEarly: run.endMs !== undefined,
      completedPerS: measured.completedPerS,
      outputTokensPerS: measured.outputTokensPerS,
    })
    expect(measured.lengthMs).toBe(lengthMs)
    const [all, ...parts] = data.fleets[0]!.lines
    expect(all!.requests).toBe(measured.completed)
    expect(all!.perMillionOutput).toBe(perMillionAt(10.8, measured.outputTokensPerS))
    for (const by of ['application', 'model']) {
      const own = parts.filter((part) => part.by === by)
      const sum = (of: (part: (typeof own)[number]) => number) =>
        own.reduce((total, part) => total + of(part), 0)
      expect(sum(({ requests }) => requests)).toBe(measured.completed)
      expect(sum(({ outputTokens }) => outputTokens)).toBeCloseTo(all!.outputTokens, 6)
      expect(sum(({ share }) => share)).toBeCloseTo(1, 12)
    }
    const { out } = await command(folder, ...GPU)
    const shown = `${num(measured.completedPerS)} requests/s and ${num(measured.outputTokensPerS)} output tokens/s over ${duration(lengthMs)}`
    expect(out).toContain(shown)
    expect(out.includes('the run ended early (10s planned)')).toBe(run.endMs !== undefined)
  })

  it('is that of the results where there are no records, per application too', async () => {
    const run = { apps: ['chat', 'rag'], endMs: 6_000 }
    const folder = await runOf('both', run)
    const { report } = await readRun(folder)
    const results = path.join(dir, 'results-only.json')
    await writeFile(results, JSON.stringify(report))
    const [own, without] = await Promise.all([folder, results].map((of) => dataOf(of, ...GPU)))
    const { plannedMs, ...rest } = own!.run
    expect(plannedMs).toBe(10_000)
    expect(without!.run).toEqual({ ...rest, name: results, plannedMs: null })
    const lines = (data: CostData, by: string) => data.fleets[0]!.lines.filter((l) => l.by === by)
    expect(lines(without!, 'all')).toEqual(lines(own!, 'all'))
    expect(lines(without!, 'model')).toEqual([])
    const apps = [own, without].map((data) => lines(data!, 'application'))
    expect(apps[1]!.map(({ name }) => name)).toEqual(['chat', 'rag'])
    apps[1]!.forEach((line, i) => {
      expect(line.requests).toBe(apps[0]![i]!.requests)
      expect(line.share).toBeCloseTo(apps[0]![i]!.share, 1)
    })
  })

  it('has the energy of a token by the power that was drawn in the window', async () => {
    const folder = await runOf('power', { powerW: 300 })
    const { energy } = await dataOf(folder, ...GPU)
    expect(energy).toEqual({ powerW: 300, joulesPerToken: 1.5, source: 'power' })
    const given = await dataOf(folder, ...GPU, '--power', '400')
    expect(given.energy).toEqual({ powerW: 400, joulesPerToken: 2, source: 'given' })
    const { report } = await readRun(folder)
    const server = { phases: [], joulesPerToken: 0.1234567, findings: [] }
    const counted = path.join(dir, 'counted.json')
    await writeFile(counted, JSON.stringify({ ...report, server }))
    expect((await dataOf(counted, ...GPU)).energy).toEqual({
      joulesPerToken: 0.1234567,
      source: 'energy',
    })
  })
})

describe('a capacity from a file', () => {
  const FOUND: Partial<CapacityResult> = {
    format: 'k6-inference-capacity',
    version: 1,
    unit: 'requests/s',
    status: 'found',
    confidence: 0.95,
    capacity: 20,
    low: 12.5,
    high: 29.5,
    precision: 0.6,
    perReplica: 12.5,
    outputTokensPerS: 250,
    workload: {
      scenario: 'chat-steady',
      model: 'm',
      inputTokens: null,
      outputTokens: null,
      inputTokensMean: 100,
      outputTokensMean: 20,
      cachedShare: null,
    },
  }
  const WORKLOAD = FOUND.workload!
  let files = 0
  async function costAt(change: Partial<CapacityResult>, ...more: string[]) {
    const file = path.join(dir, `capacity-${files++}.json`)
    await writeFile(file, JSON.stringify({ ...FOUND, ...change }))
    return command(await runOf('at-limit'), ...GPU, '--capacity', file, ...more)
  }

  it('counts with its lower end, in prices and replicas', async () => {
    const { out } = await costAt({}, '--daily', '30,30', '--format', 'json')
    const data = JSON.parse(out) as CostData
    expect(data.limit).toMatchObject({ perReplica: 12.5, high: 29.5, doubts: [] })
    expect(data.fleets[0]!.atLimit!.perMillionOutput).toBe(perMillionAt(10.8, 250))
    expect(data.fleets[0]!.atLimit!.perMillionOutputAtHigh).toBe(perMillionAt(10.8, 590))
    // ceil(30 / 12.5) and one that may be lost.
    expect(data.months![0]!.month.staticReplicas).toBe(4)
    const text = await costAt({}, '--daily', '30,30')
    expect(text.out).toMatch(
      /12.0 USD per million output tokens \(12.5 requests\/s per replica, the lower end of 12.5 to 29.5; 5.08 USD at the upper end\)/,
    )
  })

  it.each<[string, Partial<CapacityResult>, RegExp]>([
    ['only roughly known', { status: 'imprecise' }, /Caution: .*known only to ±60 %/],
    [
      'without an interval',
      { status: 'imprecise', precision: null },
      /Caution: the capacity has no interval/,
    ],
    [
      'above what was tried',
      { status: 'above all', capacity: null },
      /Caution: .*12.5 requests\/s/,
    ],
    ['of nobody knows what', { workload: null }, /Caution: it is not known which requests/],
    [
      'of another scenario',
      { workload: { ...WORKLOAD, scenario: 'rag-steady' } },
      /Caution: .*scenario rag-steady, not chat-steady/,
    ],
  ])('says in the price what speaks against it: %s', async (_, change, words) => {
    const { code, out } = await costAt(change)
    expect(code).toBe(0)
    expect(out).toMatch(words)
    const month = await costAt(change, '--daily', '30')
    expect(month.out.match(/Caution/g)).toHaveLength(2)
    expect((await costAt(change, '--format', 'markdown')).out).toContain('⚠️')
  })

  it.each<[string, Partial<CapacityResult>, RegExp]>([
    [
      'of shorter answers',
      { workload: { ...WORKLOAD, outputTokensMean: 6.7 } },
      /other requests than this run's: output tokens per request 6.7, not 20/,
    ],
    ['of another model', { workload: { ...WORKLOAD, model: 'n' } }, /model n, not m/],
    ['in requests in flight', { unit: 'requests in flight' }, /is in requests in flight/],
    ['without a load that was kept', { perReplica: null, status: 'below all' }, /below all/],
    ['that is not whole', { workload: undefined as never }, /not whole: workload/],
    ['of another program', { format: 'x' as never }, /no result of k6-inference capacity/],
  ])('is refused: %s', async (_, change, words) => {
    const { code, note } = await costAt(change)
    expect(code).toBe(1)
    expect(note).toMatch(words)
  })
})

describe('a month of a trace', () => {
  const fixture = (name: string) =>
    fileURLToPath(new URL(`../../cost/fixtures/${name}`, import.meta.url))
  const month = async (...more: string[]) => {
    const folder = await runOf('month', { outputTokens: 10 })
    return command(folder, '--gpu-hour', '1', '--capacity', '1.1', ...more)
  }

  it.each(['short-tail.csv', 'no-tail.csv'])('is 1,460 USD for %s', async (name) => {
    const { out } = await month('--trace', fixture(name), '--format', 'json')
    const data = JSON.parse(out) as CostData
    expect(data.months![0]!.month).toMatchObject({ staticCost: 1460, scaledCost: 1460 })
  })

  it('says that requests of other lengths need other replicas', async () => {
    const file = path.join(dir, 'long.csv')
    const text = await readFile(fixture('no-tail.csv'), 'utf8')
    await writeFile(file, text.replaceAll(',10\n', ',200\n'))
    const { out } = await month('--trace', file)
    expect(out).toMatch(/Caution: the trace has output tokens per request 200, not 10/)
  })

  it('refuses steps that are too short for the trace', async () => {
    const short = await month('--trace', fixture('no-tail.csv'), '--bin', '0s')
    expect([short.code, short.note]).toEqual([2, expect.stringMatching(/--bin 0s.*from 1s/)])
  })
})

it('writes nothing that the documentation does not name', async () => {
  const page = await readFile(
    new URL('../../../docs/capacity-and-cost.md', import.meta.url),
    'utf8',
  )
  const folder = await runOf('documented', { powerW: 300, apps: ['a', 'b'] })
  const prices = ['--price-input', '1', '--price-cached', '1', '--price-output', '2']
  const over = ['--capacity', '12', '--daily', '1,2']
  const { price, ...tokens } = (await dataOf(folder, ...GPU, ...prices, ...over)).tokens!
  expect(price).toEqual({ input: 1, cached: 1, output: 2 })
  const data = { ...(await dataOf(folder, ...GPU, ...over)), tokens }
  const { verdict, ...run } = data.run
  expect(verdict.headline).not.toBe('')
  for (const name of namesOf({ ...data, run })) expect(page).toContain(`\`${name}\``)
})

function namesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = Array.isArray(value) ? [] : Object.keys(value)
  return [...own, ...Object.values(value).flatMap(namesOf)]
}

describe('the command line', () => {
  it('says what is wrong, all at once, and what file is none of its own', async () => {
    const wrong = await command('--gpus', '0', '--overhead', '5', '--daily', '1,x')
    expect(wrong.code).toBe(2)
    for (const part of [
      '--gpus 0',
      '--overhead 5',
      '--daily 1,x',
      'no price',
      '0 runs',
      '--capacity',
    ])
      expect(wrong.note).toContain(part)
    const folder = await runOf('other')
    const records = path.join(folder, 'requests.jsonl')
    const file = await command(folder, '--gpu-hour', '1', '--capacity', records)
    expect(file.code).toBe(1)
    expect(file.note).toContain('requests.jsonl: is not JSON')
  })

  it('shows small money with its digits', () => {
    expect(money(0.00132456, 'USD')).toBe('0.00132 USD')
    expect(money(12_400, 'EUR')).toBe('12,400 EUR')
    expect(money(0, 'USD')).toBe('0.00 USD')
    expect(money(1.2e-9, 'USD')).toBe('1.20e-9 USD')
    expect(money(null, 'USD')).toBe('–')
  })
})
