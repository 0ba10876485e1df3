import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { latencyTable, loadTable, outcomeRows, sloTable } from '../../lib/report/index.ts'
import { markdownText, num } from '../../lib/tables/index.ts'
import type { Report, TrendStats } from '../../lib/results/index.ts'
import type { RequestRecord } from '../../lib/records/index.ts'
import { readRun } from '../../cli/run-folder/index.ts'
import { main as demo } from '../../cli/demo/main.ts'
import { main as cost } from '../../cli/cost/main.ts'
import type { CostData } from '../../cli/cost/types.ts'
import { startSimulator } from '../../simulator/index.ts'

/** The whole way that a user goes: the command, stock files, figures that must agree. */
describe('k6-inference run', () => {
  const out = mkdtempSync(path.join(tmpdir(), 'k6-inference-run-'))
  let folder: string
  let said: { stdout: string; stderr: string }
  let report: Report
  let records: RequestRecord[]
  const file = (name: string) => readFileSync(path.join(folder, name), 'utf8')

  beforeAll(async () => {
    const faults = [{ fault: '503', probability: 0.15, from: 1 }]
    const simulator = await startSimulator({ preset: 'engine', faults, seed: 3 })
    try {
      said = await command([
        'run',
        path.join(inject('bundles'), 'chat-steady.js'),
        ...variables({
          BASE_URL: simulator.url,
          RATE: '12',
          DURATION: '5s',
          WARMUP: '1s',
          DRAIN: '4s',
          EXPECTED_E2E: '2s',
          INPUT_TOKENS: '40',
          OUTPUT_TOKENS: 'uniform(1,20)',
          SLO_TTFT_P95: '2s',
          SLO_GOODPUT: '10%',
          GAP_SAMPLING: '1',
          RECORDS: 'gaps',
        }),
        '--out',
        out,
        '--formats',
        'html,md,csv,junit,text',
      ])
      folder = said.stdout.trim().split('\n').pop() as string
    } finally {
      await simulator.close()
    }
    report = JSON.parse(file('chat-steady.json')) as Report
    const lines = file('requests.jsonl').trim().split('\n')
    records = lines.flatMap((line) =>
      line.includes('"record":"request"') ? [JSON.parse(line)] : [],
    )
  }, 90_000)
  afterAll(() => rmSync(out, { recursive: true, force: true }))

  test('keeps all of a run in one folder', () => {
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(
        ['chat-steady.json', 'requests.jsonl'].concat(
          ['html', 'md', 'csv', 'junit.xml', 'txt'].map((ending) => `report.${ending}`),
        ),
      ),
    )
    expect(report.measured.completed).toBeGreaterThan(20)
    expect(report.measured.failed).toBeGreaterThan(0)
  })

  test('says in a CI log no more than what helps: figures, and last the verdict', () => {
    const { stdout, stderr } = said
    // Below 60 where all is well; faults and a busy machine add their warnings.
    expect(`${stdout}${stderr}`.split('\n').length, stdout + stderr).toBeLessThan(75)
    // No bars, no banner, no colours, no line per timer or limit.
    expect(stdout + stderr).not.toMatch(/running \(|Grafana|\u001b|setTimeout|thresholds on/)
    const block = stdout.trimEnd().split('\n\n').pop()!.split('\n')
    expect(block.pop()).toBe(folder)
    const end = stdout.trimEnd().split('\n\n').at(-2)!.split('\n')
    expect(end.length).toBeLessThanOrEqual(6)
    expect(end[0]).toContain(`${report.verdict.headline} · chat-steady`)
    expect(end.at(-1)).toContain(path.join(folder, 'report.html'))
    expect(end.at(-2)).toMatch(/^ {4}next /)
  })

  test('shows the same figures to the last digit in text, Markdown, HTML and CSV', () => {
    const cellsOf = (latencies: 'all' | 'measured') =>
      [
        ...[sloTable(report), latencyTable(report, latencies), loadTable(report)].flatMap(
          ({ rows }) => rows.flat(),
        ),
        ...outcomeRows(report).map(([, text]) => text),
      ].filter((cell) => /\d/.test(cell))
    const cells = cellsOf('all')
    expect(cells.length).toBeGreaterThan(40)
    const html = file('report.html').replace(/&#(\d+);/g, (_, c) => String.fromCharCode(Number(c)))
    const text = file('report.txt').replace(/\s+/g, ' ')
    for (const cell of cellsOf('measured')) expect(text).toContain(cell)
    for (const cell of cells) {
      expect(file('report.md')).toContain(markdownText(cell))
      expect(html).toContain(cell)
    }
    const csv = file('report.csv').split('\r\n')
    for (const metric of ['llm_ttft', 'llm_tpot', 'llm_itl', 'llm_e2e']) {
      const { p50, p95, p99 } = report.measured.metrics[metric] as TrendStats
      for (const [name, value] of Object.entries({ p50, p95, p99 })) {
        const { low, high } = report.measured.intervals![`${metric}.${name}`]!
        expect(csv).toContain(
          `measured,true,${metric},${name},ms,${value},${low ?? ''},${high ?? ''}`,
        )
      }
    }
  })

  test("k6's figures are those that a few lines make of the records", () => {
    const measured = records.filter((r) => r.measured)
    const done = measured.filter((r) => r.outcome === 'completed')
    const at = (values: number[], p: number) => {
      values.sort((a, b) => a - b)
      const i = p * (values.length - 1)
      const low = values[Math.floor(i)] as number
      return low + ((values[Math.ceil(i)] as number) - low) * (i % 1)
    }
    const ttft = done.map((r) => (r.firstTokenMs as number) - (r.sentMs as number))
    const e2e = done.map((r) => (r.lastTokenMs as number) - (r.sentMs as number))
    const tpot = done
      .filter((r) => r.outputTokens > 1 && r.chunks > 1)
      .map((r) => ((r.lastTokenMs as number) - (r.firstTokenMs as number)) / (r.outputTokens - 1))
    const gaps = done.flatMap((r) => r.gapsMs ?? [])
    const shown = (metric: string) => report.measured.metrics[metric] as TrendStats
    for (const [metric, values] of [
      ['llm_ttft', ttft],
      ['llm_e2e', e2e],
      ['llm_tpot', tpot],
    ] as const) {
      expect(shown(metric).count, metric).toBe(values.length)
      expect(num(at(values, 0.5)), metric).toBe(num(shown(metric).p50))
      expect(num(at(values, 0.95)), metric).toBe(num(shown(metric).p95))
      expect(num(at(values, 0.99)), metric).toBe(num(shown(metric).p99))
    }
    expect(shown('llm_itl').count).toBe(gaps.length)
    expect(at(gaps, 0.95)).toBeCloseTo(shown('llm_itl').p95 as number, 2)
    expect(done.length).toBe(report.measured.completed)
    expect(measured.length - done.length).toBe(report.measured.failed)
    const tokens = records
      .filter((r) => r.outcome === 'completed')
      .reduce((sum, r) => sum + (r.received['steady'] ?? 0), 0)
    expect(tokens / 5).toBeCloseTo(report.measured.outputTokensPerS as number, 6)
  })

  test('cost counts with its figures', async () => {
    let out = ''
    const terminal = { out: (text: string) => void (out += text), note: () => {} }
    expect(await cost([folder, '--gpu-hour', '3.6', '--format', 'json'], terminal)).toBe(0)
    const { run, fleets } = JSON.parse(out) as CostData
    const { lengthMs, completedPerS, outputTokensPerS, completed } = report.measured
    expect(run).toMatchObject({ lengthMs, completedPerS, outputTokensPerS, endedEarly: false })
    const [all, chat] = fleets[0]!.lines
    expect(all).toMatchObject({ requests: completed, perRequest: 0.001 / completedPerS! })
    expect(all!.perMillionOutput).toBe(3.6e6 / (3600 * outputTokensPerS!))
    // The records' requests, of one application, are those that k6 counted.
    expect(chat).toMatchObject({ by: 'application', requests: completed, share: 1 })
    expect(chat!.outputTokens).toBeCloseTo(all!.outputTokens, 6)
  })

  test('the report made of the records alone is the same', async () => {
    const again = await readRun(path.join(folder, 'requests.jsonl'))
    expect(again.sources.notes).toEqual([])
    expect(again.report.slo.map((v) => [v.id, v.verdict])).toEqual(
      report.slo.map((v) => [v.id, v.verdict]),
    )
    expect(latencyTable(again.report).rows).toEqual(latencyTable(report).rows)
    expect(again.report.outcomes).toEqual(report.outcomes)
    // k6's clock counts nanoseconds, and records hold them: percentiles have the same last digit.
    for (const metric of [
      'llm_ttft',
      'llm_tpot',
      'llm_itl',
      'llm_stall',
      'llm_e2e',
      'llm_ttft_due',
    ]) {
      const [mine, k6] = [again.report, report].map(
        (of) => of.measured.metrics[metric] as TrendStats,
      )
      expect([metric, mine!.p50, mine!.p95, mine!.p99]).toEqual([metric, k6!.p50, k6!.p95, k6!.p99])
    }
    expect(again.report.run.endedEarly).toBe(false)
    expect(again.report.inFlightAtEnd).toBe(report.inFlightAtEnd)
    expect(again.report.measured.goodShare).toBeCloseTo(report.measured.goodShare as number, 9)
  })
})

test('k6-inference run says in a line that Ctrl-C stopped it, and reports what there is', async () => {
  const simulator = await startSimulator({ ttftMs: 20, tpotMs: 2 })
  const out = mkdtempSync(path.join(tmpdir(), 'k6-inference-stopped-'))
  const load = ['--url', simulator.url, '--rate', '10', '--duration', '60s', '-e', 'WARMUP=0']
  const args = ['run', 'chat-steady', ...load, '-e', 'CALIBRATION=off', '--out', out]
  const child = spawn(process.execPath, ['bin/k6-inference.mjs', ...args, '--', '--quiet'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], K6: inject('k6') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  try {
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    await vi.waitFor(() => expect(simulator.records().length).toBeGreaterThan(5), 60_000)
    child.kill('SIGINT')
    expect(await ended, stderr).toBe(105)
    expect(stderr.match(/^run: stopped by SIGINT$/gm)).toHaveLength(1)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(readdirSync(stdout.trim().split('\n').pop() as string)).toContain('report.html')
  } finally {
    child.kill('SIGKILL')
    await simulator.close()
    rmSync(out, { recursive: true, force: true })
  }
})

test('the demo tells what its spike did, word for word but for the figures', async () => {
  const out = mkdtempSync(path.join(tmpdir(), 'k6-inference-demo-'))
  vi.stubEnv('K6', inject('k6'))
  let said = ''
  const take = (text: string) => void (said += text)
  const short = { WARMUP: '1s', DURATION: '3s', SPIKE_DURATION: '3s', RECOVERY_DURATION: '12s' }
  try {
    expect(await demo(['--out', out], { out: take, note: take }, short), said).toBe(0)
  } finally {
    vi.unstubAllEnvs()
    rmSync(out, { recursive: true, force: true })
  }
  const time = String.raw`[\d.]+ m?s`
  const block = said.trimEnd().split('\n\n').pop()!.split('\n')
  expect(block.length).toBeLessThanOrEqual(6)
  expect(block.pop()).toMatch(/^ {4}report {2}.*\/\d{8}T\d{6}-chat-spike\/report\.html$/)
  // A client that was too slow has the last word, not the story.
  if (block[0]?.endsWith(': not judged · chat-spike')) return
  const story = [
    String.raw`  The spike overloaded the server: TTFT p95 ${time} → ${time}(, not| →) back within limits .+ later`,
    String.raw`    server  answered \d+ requests at a time, while \d+ more waited in its queue`,
    String.raw`    users   [\d.]+ % within limits, [\d.]+ % failed; [\d.]+ → [\d.]+ tokens/s per user`,
    String.raw`    client  (trustworthy|degraded).*`,
    String.raw`    next    npx k6-inference run chat-steady --url http://localhost:8000/v1 --rate 4`,
  ]
  story.forEach((line, i) => expect(block[i]).toMatch(new RegExp(`^${line}$`)))
})

test('--until decided ends the load early, and the report says what the last look said', async () => {
  // Whether requests fail depends on no machine that is busy.
  const faults = [{ fault: '503', probability: 0.5, from: 1 }]
  const simulator = await startSimulator({ ttftMs: 20, tpotMs: 2, faults, seed: 3 })
  const out = mkdtempSync(path.join(tmpdir(), 'k6-inference-decided-'))
  const load = ['--url', simulator.url, '--rate', '40', '--output-tokens', '4']
  const until = ['--until', 'decided', '--max-duration', '60s']
  const values = { SLO_ERROR_RATE: '5%', WARMUP: '1s', EXPECTED_E2E: '1s', CALIBRATION: 'off' }
  const about = [...load, ...until, ...variables(values), '--out', out, '--formats', 'md']
  try {
    const { stdout, stderr } = await command([
      'run',
      'chat-steady',
      ...about,
      '--',
      '--quiet',
      '--address',
      '',
    ])
    const { report } = await readRun(stdout.trim().split('\n').pop() as string)
    const limit = report.slo.find(({ id }) => id === 'error_rate')
    if (report.client.status === 'limited' && report.client.cause === 'machine') {
      // A client whose machine was too slow rightly leaves every limit open.
      expect(limit, stdout).toMatchObject({ verdict: 'unclear', note: 'the client was the limit' })
      return
    }
    expect(stderr, stdout).toMatch(/^run: after \d+ s: 1 of 1 limits decided$/m)
    expect(limit?.verdict).toBe('missed')
    expect(report.verdict.headline).toBe('SLO missed')
    expect(report.run.endedEarly).toBe(false)
    // Half of the longest run is the last look before its end.
    expect(report.measured.lengthMs).toBeLessThanOrEqual(30_000)
    // No request that came after the look is in it.
    expect(report.total.finished).toBeLessThanOrEqual(simulator.records().length)
    expect(stdout.replace(/\s+/g, ' ')).toContain('this report is of those')
  } finally {
    await simulator.close()
    rmSync(out, { recursive: true, force: true })
  }
})

function variables(values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-e', `${name}=${value}`])
}

function command(args: string[]): Promise<{ stdout: string; stderr: string }> {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    K6: inject('k6'),
    K6_NO_USAGE_REPORT: 'true',
  }
  return new Promise((resolve, reject) => {
    const node = ['bin/k6-inference.mjs', ...args]
    execFile(process.execPath, node, { env, timeout: 80_000 }, (error, stdout, stderr) => {
      // 99: a limit was missed, which is no failure of the command.
      if (error !== null && error.code !== 99) reject(new Error(`${error.message}\n${stderr}`))
      else resolve({ stdout, stderr })
    })
  })
}
