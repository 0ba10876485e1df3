import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { renderJson } from '../../../lib/report/index.ts'
import { main } from '../../../cli/report/main.ts'
import type { Report } from '../../../lib/results/index.ts'
import { keptRun } from '../../support/kept-answers.ts'
import { bigRun } from '../../report/big-run.ts'
import { report } from '../../report/load.ts'
import { terminal } from '../../support/terminal.ts'

const root = mkdtempSync(path.join(tmpdir(), 'k6-inference-report-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(root, 'run-'))
})

async function call(...argv: string[]) {
  const to = terminal()
  const code = await main(argv, to)
  return { code, ...to.written }
}

const records = [...bigRun(300)].map((record) => JSON.stringify(record))

function write(name: string, text: string): string {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}

describe('k6-inference report', () => {
  test('makes every format of a folder, and says which files', async () => {
    write('chat-spike.json', renderJson(report('spike')))
    write('calibration.json', '{"not": "ours"}')
    const all = 'html,json,md,csv,junit,text'
    const { code, out } = await call(folder, '--formats', all)
    expect(code).toBe(0)
    const files = out.trim().split('\n')
    expect(files.map((file) => path.basename(file))).toEqual(
      ['html', 'json', 'md', 'csv', 'junit.xml', 'txt'].map((ending) => `report.${ending}`),
    )
    expect(JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'))).toEqual(
      report('spike'),
    )
    // Its own output in the folder is no second run.
    expect((await call(folder, '--force')).code).toBe(0)
  })

  test('overwrites nothing unless told to, and writes none of several then', async () => {
    write('chat-spike.json', renderJson(report('spike')))
    write('report.md', 'mine')
    const { code, note } = await call(folder, '--formats', 'csv,md')
    expect([code, note]).toEqual([1, expect.stringMatching(/report\.md: exists; --force/)])
    expect(existsSync(path.join(folder, 'report.csv'))).toBe(false)
    expect(readFileSync(path.join(folder, 'report.md'), 'utf8')).toBe('mine')
    expect((await call(folder, '--formats', 'csv,md', '--force')).code).toBe(0)
  })

  test('computes the figures of records alone, and says what they cannot know', async () => {
    const file = write('requests.jsonl', records.join('\n') + '\n')
    const { code } = await call(file, '--formats', 'json')
    expect(code).toBe(0)
    const made = JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'))
    const ours = records.filter((line) => line.includes('"record":"request"'))
    expect(made.total.finished).toBe(ours.length)
    // The last record tells how many the end cut off.
    expect(made.inFlightAtEnd).toBe(1)
    expect([made.droppedIterations, made.total.dropped]).toEqual([null, null])
    expect(made.warnings.map((w: { type: string }) => w.type)).toContain('from_records')
  })

  test('names file and line of a broken record, and goes on without it when told to', async () => {
    const cut = [...records.slice(0, 9), (records[9] as string).slice(0, 80), ...records.slice(10)]
    const file = write('requests.jsonl', cut.join('\n'))
    const first = await call(file)
    expect(first.code).toBe(1)
    expect(first.note).toContain(`${file}:10: is not JSON`)
    expect(existsSync(path.join(folder, 'report.html'))).toBe(false)
    const second = await call(file, '--skip-bad-lines', '--formats', 'md')
    expect(second.code).toBe(0)
    expect(second.note).toContain(`${file}:10: left out:`)
  })

  test.each([
    ['cut in half', (text: string) => text.slice(0, text.length / 2), /cut: line \d+, column/],
    [
      'of another version',
      (text: string) => text.replace('"version": 1', '"version": 3'),
      /version 3/,
    ],
    ['empty', () => '', /is empty/],
  ])('says that a results file is %s', async (_, change, message) => {
    const file = write('chat-spike.json', change(renderJson(report('spike'))))
    const { code, note } = await call(file)
    expect(code).toBe(1)
    expect(note).toContain(`${file}: `)
    expect(note).toMatch(message)
  })

  test('says when the records do not hold what the results count', async () => {
    write('chat-spike.json', renderJson(report('spike')))
    write('requests.jsonl', records.join('\n'))
    const { code, note } = await call(folder)
    expect(code).toBe(0)
    expect(note).toMatch(/counts \d+ finished requests, the records hold \d+/)
  })

  test('refuses results beside records of another run', async () => {
    const later = { startedAt: '2026-01-03T00:00:00.000Z' }
    const file = write('chat-spike.json', renderJson(report('spike', later)))
    write('requests.jsonl', records.join('\n'))
    const { code, note } = await call(folder)
    expect(code).toBe(1)
    expect(note).toContain(
      `${file}: results of the run started at ${later.startedAt}, but records of`,
    )
  })

  test.each([
    [['nowhere'], 1, /nowhere: there is no such file or folder/],
    [[], 2, /no run given/],
    [['.', '--formats', 'pdf'], 2, /no format "pdf"; there are html, json/],
    [['--nope'], 2, /--nope: there is no such option/],
  ])('explains what it cannot do: %j', async (argv, code, message) => {
    const got = await call(...argv)
    expect(got.code).toBe(code)
    expect(got.note).toMatch(message)
  })
})

describe('kept answers', () => {
  const lines = keptRun().map((record) => JSON.stringify(record))
  const made = (name = 'report.json') =>
    JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Report
  const reviews = (startedAt: string | null) => ({
    format: 'k6-inference-reviews',
    version: 1,
    scenario: 'x',
    startedAt,
    reviews: [{ id: 'main-0', mark: 'bad_answer', at: '2026-03-01T02:00:01.000Z' }],
  })

  test('are ids in JSON, with texts where they are asked for, and with marks that lie beside', async () => {
    write('requests.jsonl', lines.join('\n'))
    expect((await call(folder, '--formats', 'json')).code).toBe(0)
    const first = made()
    expect(first.answers).toMatchObject({ kept: 31, reviews: [] })
    expect(JSON.stringify(first)).not.toContain('Question')

    write('mine (1).json', JSON.stringify(reviews(first.run.startedAt)))
    write('other.reviews.json', JSON.stringify(reviews('2020-01-01T00:00:00.000Z')))
    const again = await call(folder, '--formats', 'json,html', '--texts', '--force')
    expect([again.code, again.note]).toEqual([
      0,
      expect.stringContaining('other.reviews.json: left out'),
    ])
    expect(made().answers!.reviews).toMatchObject([{ id: 'main-0', mark: 'bad_answer' }])
    expect(made().answers!.texts!.length).toBeGreaterThan(20)
    // A copy with marks and texts is no second run.
    expect((await call(folder, '--force')).code).toBe(0)
    expect(readFileSync(path.join(folder, 'report.html'), 'utf8')).toContain('>bad answer<')
  })

  test('a broken file of reviews is named, and reviews alone are no run', async () => {
    write('requests.jsonl', lines.join('\n'))
    const file = write('x.reviews.json', '{"format":"k6-inference-reviews","version":7}')
    const { code, note } = await call(folder)
    expect([code, note]).toEqual([1, expect.stringContaining(`${file}: is of version 7`)])
    expect((await call(file)).note).toContain('holds no results')
  })
})
