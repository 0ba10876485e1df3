import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareRuns } from '../../../lib/compare/index.ts'
import { main } from '../../../cli/compare/main.ts'
import { readRuns } from '../../../cli/run-folder/index.ts'
import { runOfRecords } from '../../../lib/runs/index.ts'
import { virtualRecords } from '../../../scripts/virtual/index.ts'
import type { AnyRecord } from '../../../lib/records/index.ts'
import { terminal } from '../../support/terminal.ts'
import { writeRecords } from './files.ts'

let dir: string
const at = (name: string) => path.join(dir, name)
const run = (slower: number, serverSeed: number, trafficSeed = 3, model?: string) =>
  virtualRecords({
    name: '',
    ratePerS: 8,
    warmupMs: 5_000,
    measuredMs: 30_000,
    trafficSeed,
    serverSeed,
    slower,
    model,
  })

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'compare-'))
  await writeRecords(run(1, 1), at('before'))
  await writeRecords(run(1, 2), at('again'))
  await writeRecords(run(1.3, 3), at('slow'))
  await writeRecords(run(1, 4, 3, '<b>=cmd|x</b>'), at('other'))
  const loose = run(1, 6, 10).map((record) =>
    record.record === 'request' ? { ...record, askedOutputTokens: undefined } : record,
  )
  await writeRecords(loose as typeof loose & AnyRecord[], at('loose'))
  await writeRecords(run(1, 5, 9), at('elsewhere'))
})
afterAll(() => rm(dir, { recursive: true }))

async function command(...argv: string[]) {
  const to = terminal()
  return { code: await main(argv, to), ...to.written }
}

describe('compare', () => {
  it('reads records into the figures that the run has', async () => {
    const [read] = await readRuns(at('before'))
    const direct = runOfRecords('direct', run(1, 1))
    const options = { figures: ['ttft_p95', 'tpot_p50', 'e2e_p99', 'output_tokens_per_s'] }
    const [found] = compareRuns([direct], [[read!]], options)
    for (const figure of found!.figures) expect(figure.change).toBeCloseTo(0, 9)
    expect(read!.conditions).toMatchObject({ model: 'sim-model', seed: 3, asked: 8, loop: 'open' })
  })

  it('tells a slower server from the same one, in text, Markdown, HTML and JSON alike', async () => {
    const files = ['c.txt', 'c.md', 'c.html', 'c.json'].map((f) => at(f))
    const out = files.flatMap((file) => ['-o', file])
    const { code } = await command(at('before'), at('again'), at('slow'), ...out)
    expect(code).toBe(0)
    const [text, markdown, html, json] = await Promise.all(files.map((f) => readFile(f, 'utf8')))
    const [again, slow] = JSON.parse(json!)
    expect([again.verdict, slow.verdict]).toEqual(['not proven', 'worse'])
    expect(again.tests).toBe(slow.tests)
    const tpot = slow.figures.find((f: { id: string }) => f.id === 'tpot_p50')
    const shown = `${tpot.after.toFixed(1)} ms`
    for (const output of [text, markdown, html]) expect(output).toContain(shown)
    expect(tpot.change).toBeGreaterThan(0.2)
  })

  it('says in every format what the changes were adjusted for, and what it would find', async () => {
    const files = ['a.txt', 'a.md', 'a.html', 'a.json'].map((f) => at(f))
    const out = files.flatMap((file) => ['-o', file])
    const { code } = await command(at('before'), at('elsewhere'), '--allow', 'lengths', ...out)
    expect(code).toBe(0)
    const [text, markdown, html, json] = await Promise.all(files.map((f) => readFile(f, 'utf8')))
    const [{ method, figures }] = JSON.parse(json!)
    expect(method.adjustment).toMatchObject({
      adjusted: true,
      model: { mostInFlight: expect.any(Number) },
    })
    const tpot = figures.find((f: { id: string }) => f.id === 'tpot_p50')
    expect(tpot.measuredChange).toBeCloseTo(tpot.after / tpot.before - 1, 12)
    expect(tpot.change).not.toBe(tpot.measuredChange)
    for (const output of [text, markdown, html]) {
      expect(output).toContain('at equal traffic')
      expect(output).toContain('finds from')
      expect(output).toContain('Adjusted for the traffic')
      expect(output).toContain('due times and asked lengths of prompts and answers')
      expect(output).toContain(`${Number((100 * tpot.detectable).toPrecision(3))} %`)
    }
    // Records of a run whose requests say nothing of what was asked.
    const loose = await command(at('before'), at('loose'), '--allow', 'lengths')
    expect(loose.out).toContain('Each side had traffic of its own, and what that did to TTFT p50')
    const same = await command(at('before'), at('again'))
    expect(same.out).not.toContain('Each side had traffic of its own')
    expect(same.out).not.toContain('at equal traffic')
    expect(same.out).toContain('Not adjusted for the traffic: both sides got the same requests')
  })

  it('refuses unlike runs, and escapes what is in their names', async () => {
    const { out } = await command(at('before'), at('other'), '--format', 'markdown')
    expect(out).toContain('not comparable')
    expect(out).toContain('the model differs')
    expect(out).not.toContain('<b>')
    const allowed = await command(at('before'), at('other'), '--allow', 'model')
    expect(allowed.out).toContain('(allowed)')
    expect(allowed.out).toContain('not proven')
  })

  it('overwrites nothing without being told', async () => {
    await writeFile(at('kept.md'), 'mine')
    const { code, note } = await command(at('before'), at('again'), '-o', at('kept.md'))
    expect(code).toBe(1)
    expect(note).toContain('kept.md: exists; --force replaces it')
    expect(await readFile(at('kept.md'), 'utf8')).toBe('mine')
    expect((await command(at('before'), at('again'), '-o', at('kept.md'), '--force')).code).toBe(0)
  })

  it('says file and line of what it cannot read', async () => {
    const broken = await writeRecords(run(1, 1), at('broken'))
    const file = path.join(broken, 'requests.jsonl')
    await appendFile(file, '{"v":1,"record":"request"}\n')
    const lines = (await readFile(file, 'utf8')).split('\n').length - 1
    expect((await command(at('before'), broken)).note).toContain(`${file}:${lines}: has no`)
    await truncate(file, 1000)
    const last = (await readFile(file, 'utf8')).split('\n').length
    expect((await command(at('before'), broken)).note).toContain(`${file}:${last}: is not JSON`)
    await writeFile(at('cut.json'), '{"format":"k6-inference-report","ver')
    expect((await command(at('before'), at('cut.json'))).note).toContain('cut.json: is not JSON')
    await writeFile(at('new.json'), '{"format":"k6-inference-report","version":9}')
    expect((await command(at('before'), at('new.json'))).note).toContain('is of version 9')
    await writeFile(at('half.json'), '{"format":"k6-inference-report","version":1}')
    expect((await command(at('before'), at('half.json'))).note).toContain(
      'is no sound results file',
    )
    expect((await command(at('before'), at('nowhere'))).note).toContain(
      'nowhere: there is no such file or folder',
    )
  })

  it('names every problem of the command line at once', async () => {
    const { code, note } = await command(
      '--gate',
      at('before'),
      '--tolerance',
      'ttft_p95=10,error_share=5%,nothing=1%',
      '--allow',
      'all',
    )
    expect(code).toBe(2)
    for (const part of ['ttft_p95=10', 'error_share=5%', '"nothing"', '--allow all', '0 runs'])
      expect(note).toContain(part)
  })
})

describe('the gate', () => {
  const gate = (after: string, ...more: string[]) =>
    command('--gate', at('before'), at(after), ...more)

  it('passes what is as it was and fails what is worse, by its exit code', async () => {
    const tolerances = ['--tolerance', 'tpot_p50=10%,ttft_p95=50%']
    expect((await gate('again', ...tolerances)).code).toBe(0)
    const failed = await gate('slow', ...tolerances, '-o', at('gate.xml'))
    expect(failed.code).toBe(3)
    expect(failed.out).toContain('failed: worse than tolerated')
    expect(failed.out).toContain('fails from')
    const xml = await readFile(at('gate.xml'), 'utf8')
    expect(xml).toContain('<testsuites tests="3" failures="1" errors="0" skipped="0">')
    expect(xml).toContain('name="tpot_p50"><failure message="worse than tolerated"/>')
    expect((await gate('slow', '--tolerance', 'tpot_p50=60%')).code).toBe(0)
    expect((await gate('other', ...tolerances)).code).toBe(4)
  })

  it('calls unclear what may be chance, and fails it only when strict', async () => {
    // A tolerance of nothing: half of all equal runs are "worse", by chance.
    const tolerances = ['--tolerance', 'ttft_p95=0%,ttft_p50=0%,tpot_p50=0%,tpot_p95=0%,e2e_p50=0%']
    const loose = await gate('again', ...tolerances)
    expect(loose.out).toContain('unclear: worse than tolerated, but it may be chance')
    expect(loose.code).toBe(0)
    expect((await gate('again', ...tolerances, '--strict')).code).toBe(4)
  })
})

it('the trend shows every run of a folder, and tells what it leaves out', async () => {
  const folder = at('many')
  for (let i = 0; i < 3; i++) await writeRecords(run(1 + i, 1), path.join(folder, `r${i}`))
  await writeFile(path.join(folder, 'broken.json'), '{')
  const html = at('trend.html')
  const { code, out, note } = await command('--trend', folder, '--figure', 'tpot_p50', '-o', html)
  expect(code).toBe(0)
  expect(out).toContain('Trends over 3 runs')
  expect(out).toContain('▁▄█')
  expect(note).toContain('left out: ')
  const page = await readFile(html, 'utf8')
  expect(page).toContain('"title":"TPOT p50"')
  expect(page).toContain('data-charts="charts-0-0"')
  expect((await command('--trend', at('nowhere'))).code).toBe(1)
  expect((await command('--trend', folder, '--figure', 'speed')).code).toBe(2)
})
