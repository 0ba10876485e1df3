import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  binRates,
  createUsageCollector,
  joulesPerToken,
  lineItems,
  monthlyCost,
  perMillionAt,
  replicaHour,
  shareOut,
  tokenCost,
} from '../../lib/cost/index.ts'
import type { RequestRecord, RunRecord } from '../../lib/records/index.ts'
import { main } from '../../cli/cost/main.ts'
import { money } from '../../cli/cost/show.ts'
import { terminal } from '../cli/compare/files.ts'

const tokens = (requests: number, input: number, cached: number, output: number) => ({
  requests,
  input,
  cached,
  output,
})

describe('prices', () => {
  it('of tokens count cached input by its own price, or as input', () => {
    const used = tokens(10, 1_000_000, 400_000, 200_000)
    expect(tokenCost(used, { input: 1, cached: 0.1, output: 5 })).toBeCloseTo(0.6 + 0.04 + 1, 12)
    expect(tokenCost(used, { input: 1, cached: undefined, output: 5 })).toBeCloseTo(2, 12)
  })

  it('of GPUs become those of tokens by the throughput', () => {
    const gpu = {
      onDemand: 2,
      reserved: undefined,
      spot: undefined,
      gpusPerReplica: 4,
      overhead: 0.25,
    }
    expect(replicaHour(2, gpu)).toBe(10)
    // 1000 tokens/s are 3.6 million an hour.
    expect(perMillionAt(10, 1000)).toBeCloseTo(10 / 3.6, 12)
    expect(perMillionAt(10, 0)).toBeNull()
    expect(joulesPerToken(700, 350)).toBe(2)
    expect(joulesPerToken(700, 0)).toBeNull()
  })

  it('are handed out to all parts without a rest', () => {
    const parts = new Map([
      ['chat', tokens(5, 1000, 500, 100)],
      ['rag', tokens(2, 9000, 0, 50)],
      ['none', tokens(0, 0, 0, 0)],
    ])
    const lines = shareOut(30, parts, 0.1)
    const sum = lines.reduce((total, line) => total + (line.perRequest ?? 0) * line.requests, 0)
    expect(sum).toBeCloseTo(30, 12)
    // chat: 100 + 0.1 * 500 = 150 of 150 + 950.
    expect(lines[0]!.share).toBeCloseTo(150 / 1100, 12)
    expect(lines[2]).toMatchObject({ perRequest: null, perMillionOutput: null, share: 0 })
    const items = lineItems(parts, { input: 1, cached: 0, output: 10 })
    expect(items.reduce((total, line) => total + line.share, 0)).toBeCloseTo(1, 12)
  })
})

describe('a month', () => {
  const fleet = { perReplica: 10, losses: 1, leadBins: 0, atLeast: 1 }

  it('costs 730 hours of the fleet, static for the peak or following the load', () => {
    const found = monthlyCost([5, 15, 40, 20], { static: 2, scaled: 3 }, fleet)
    expect(found).toMatchObject({ averageRate: 20, peakRate: 40, averageOverPeak: 0.5 })
    expect(found.staticReplicas).toBe(5)
    // 1+1, 2+1, 4+1, 2+1.
    expect(found.scaledReplicasMean).toBe(13 / 4)
    expect(found.staticCost).toBe(5 * 2 * 730)
    expect(found.scaledCost).toBeCloseTo((13 / 4) * 3 * 730, 9)
    expect(found.savedShare).toBeCloseTo(1 - (13 / 4 / 5) * 1.5, 12)
  })

  it('has replicas ready before the load comes, over the end of the day too', () => {
    const ahead = monthlyCost([40, 5, 5, 5], { static: 1, scaled: 1 }, { ...fleet, leadBins: 1 })
    // The bin before the first one is the last one.
    expect(ahead.scaledReplicasMean).toBe((5 + 2 + 2 + 5) / 4)
    const idle = monthlyCost([0, 0], { static: 1, scaled: 1 }, { ...fleet, atLeast: 0 })
    expect([idle.staticReplicas, idle.staticCost, idle.savedShare]).toEqual([0, 0, 0])
    expect(() => monthlyCost([], { static: 1, scaled: 1 }, { ...fleet, perReplica: 0 })).toThrow(
      /no load[^]*capacity is 0/,
    )
  })

  it('takes the rates of a trace by bins, the last one for as long as it is', () => {
    expect(binRates([0, 500, 999, 1000, 1500], 1000)).toEqual([3, 4])
    expect(binRates([0], 1000)).toEqual([1])
    expect(binRates([0, 2000], 1000)).toEqual([1, 1])
  })
})

describe('the command', () => {
  let dir: string
  const records = () => path.join(dir, 'requests.jsonl')
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'cost-'))
    const phase = { name: 's', role: 'main' as const, startMs: 0, endMs: 10_000, measured: true }
    const phases = [{ ...phase, from: 1, to: 1 }]
    const head: RunRecord = {
      v: 1,
      record: 'run',
      startedAt: '2026-03-01T12:00:00.000Z',
      run: { scenario: 'x', plan: { phases, endMs: 10_000, segment: null }, slo: { errorRate: 0 } },
    }
    const one = (id: string, more: Partial<RequestRecord>): RequestRecord => ({
      v: 1,
      record: 'request',
      id,
      startMs: 0,
      endMs: 10,
      outcome: 'completed',
      reason: '',
      phase: 's',
      measured: true,
      app: 'chat',
      model: 'm',
      promptId: id,
      inputTokens: 1000,
      outputTokens: 500,
      tokenSource: 'usage',
      chunks: 1,
      received: {},
      clock: 'socket',
      ...more,
    })
    const lines = [
      head,
      one('1', {}),
      one('2', { app: '=rag', cachedTokens: 600 }),
      one('3', { outcome: 'timeout', reason: 'whole' }),
      one('4', { measured: false }),
      { v: 1, record: 'server', atMs: 5, values: { llm_gpu_power: 300 } },
      { v: 1, record: 'server', atMs: 90_000, values: { llm_gpu_power: 9_000 } },
    ]
    await writeFile(records(), lines.map((line) => JSON.stringify(line)).join('\n') + '\n')
  })
  afterAll(() => rm(dir, { recursive: true }))

  async function command(...argv: string[]) {
    const to = terminal()
    return { code: await main(argv, to), ...to.written }
  }

  it('counts completed measured requests, and power inside the window', async () => {
    const out = path.join(dir, 'cost.json')
    const { code } = await command(
      ...[dir, '--gpu-hour', '3.6', '--gpus', '2', '--overhead', '50%', '-o', out],
      ...['--price-input', '1', '--price-cached', '0.5', '--price-output', '2'],
      ...['--capacity', '4', '--daily', '1,3,9,3', '--gpu-hour-reserved', '1.8'],
    )
    expect(code).toBe(0)
    const data = JSON.parse(await readFile(out, 'utf8'))
    // 3.6 · 2 · 1.5 = 10.8 an hour = 0.03 in 10 s, for 1000 output tokens and 2 requests.
    expect(data['gpu on demand'].all.perMillionOutput).toBeCloseTo(30, 9)
    expect(data['gpu on demand'].all.perRequest).toBeCloseTo(0.015, 12)
    // 4 requests/s of 500 tokens are 2000 tokens/s.
    expect(data['gpu on demand'].perMillionOutputAtLimit).toBeCloseTo(10.8 / 7.2, 12)
    expect(data.tokens.all.perRequest).toBeCloseTo((1400 + 600 * 0.5 + 1000 * 2) / 1e6 / 2, 15)
    expect(data.energy).toEqual({ powerW: 300, joulesPerOutputToken: 3 })
    expect(data.monthly[0].month.staticReplicas).toBe(4)
    expect(data.monthly.map((m: { name: string }) => m.name)).toContain(
      'static reserved, scaled on demand',
    )
  })

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
    const file = await command(dir, '--gpu-hour', '1', '--capacity', records())
    expect(file.code).toBe(1)
    expect(file.note).toContain('requests.jsonl: is not JSON')
  })

  it('collects nothing from a run that measured nothing', () => {
    expect(createUsageCollector().usage()).toBeUndefined()
  })

  it('shows small money with its digits', () => {
    expect(money(0.00132456, 'USD')).toBe('0.00132 USD')
    expect(money(12_400, 'EUR')).toBe('12,400 EUR')
    expect(money(0, 'USD')).toBe('0.00 USD')
    expect(money(1.2e-9, 'USD')).toBe('1.20e-9 USD')
    expect(money(null, 'USD')).toBe('–')
  })
})
