import { describe, expect, test } from 'vitest'
import { renderMarkdown, renderText } from '../../lib/report/index.ts'
import { readReviews, runOfRecords, withReviews, withTexts } from '../../lib/runs/index.ts'
import type { Review } from '../../lib/results/index.ts'
import { keptRun, request, runWith, texts, wrong } from '../support/kept-answers.ts'

const read = (records: Parameters<typeof runWith>[0]) =>
  runOfRecords('run', runWith(records), { detail: true })

const idsOf = (run: ReturnType<typeof read>, name: string) =>
  run.report.answers!.lists.find(({ list }) => list === name)!

describe('the answers that are worth reading', () => {
  test('are none where none were kept, and say nothing then', () => {
    const run = read([request('a', { grades: wrong() })])
    expect(run.report.answers).toBeUndefined()
    expect(renderText(run.report, { width: 100, color: false })).not.toContain('kept answers')
  })

  test('are the worst scored first, and only of answers that did not pass', () => {
    const run = read([
      ...[request('half', { grades: wrong(0.5) }), texts('half')],
      ...[request('zero', { grades: wrong(0) }), texts('zero')],
      ...[
        request('right', { grades: [{ ...wrong()[0]!, passed: true, score: 1 }] }),
        texts('right'),
      ],
      ...[request('unasked', { grades: wrong(0) })],
    ])
    expect(run.report.answers!.kept).toBe(3)
    expect(idsOf(run, 'not_passed')).toMatchObject({ count: 2, ids: ['zero', 'half'] })
    expect(run.detail!.tail!.answers.map(({ texts: { id } }) => id)).toEqual([
      'zero',
      'half',
      'right',
    ])
  })

  test('are the slowest that completed, and the failed ones, of measured phases', () => {
    const run = read([
      ...[request('quick', {}, 50), texts('quick')],
      ...[request('slow', {}, 900), texts('slow')],
      ...[request('early', { measured: false, phase: 'warm-up' }, 5_000), texts('early')],
      ...[
        request('lost', {
          outcome: 'timeout',
          reason: 'idle',
          ttftMs: undefined,
          e2eMs: undefined,
        } as never),
        texts('lost'),
      ],
      ...[request('left', { outcome: 'cancelled', reason: 'left' }), texts('left')],
    ])
    expect(idsOf(run, 'slowest_ttft').ids.slice(0, 2)).toEqual(['slow', expect.any(String)])
    expect(idsOf(run, 'slowest_e2e').ids).not.toContain('lost')
    expect(idsOf(run, 'failed').ids).toEqual(['lost'])
    expect(JSON.stringify(run.report.answers)).not.toContain('early')
  })

  test('are found however the lines of other requests lie between', () => {
    const all = Array.from({ length: 3_000 }, (_, i) => request(`r${i}`))
    const run = read([...all, ...all.map(({ id }) => texts(id))])
    expect(run.report.answers!.kept).toBe(3_000)
  })

  test('are at most 20 of each kind, of equally bad ones some from the whole run', () => {
    const all = Array.from({ length: 500 }, (_, i) => i).flatMap((i) => [
      request(`r${i}`, { grades: wrong(0) }),
      texts(`r${i}`),
    ])
    const found = idsOf(read(all), 'not_passed')
    expect(found.count).toBe(500)
    expect(found.ids).toHaveLength(20)
    const places = found.ids.map((id) => Number(id.slice(1)))
    expect(places.some((place) => place < 250) && places.some((place) => place >= 250)).toBe(true)
    // The same for every reader, in whatever order the records lie.
    const again = idsOf(
      read([...all].reverse().sort((a) => (a.record === 'request' ? -1 : 1))),
      'not_passed',
    )
    expect(again.ids).toEqual(found.ids)
  })
})

const run = runOfRecords('run', keptRun(), { detail: true })

test('texts are in no output but JSON that asks for them', () => {
  const { report } = run
  const outputs = [
    JSON.stringify(report),
    renderMarkdown(report),
    renderText(report, { width: 100, color: false }),
  ]
  for (const output of outputs) {
    expect(output).toContain('main-')
    expect(output).not.toMatch(/Question|Answer main/)
  }
  expect(outputs[2]).toMatch(/kept: not passed +\d+: main-60, main-/)
  expect(withTexts(run).report.answers!.texts![0]).toMatchObject({ id: 'main-60', answerCut: 7 })
})

describe('reviews', () => {
  const at = (second: number) => `2026-03-01T02:00:0${second}.000Z`
  const reviews: Review[] = [
    { id: 'main-0', mark: 'bad_answer', at: at(2) },
    { id: 'main-6', mark: 'reviewed', at: at(1) },
    { id: 'main-0', mark: 'wrong_grade', at: at(1) },
  ]

  test('are counted in every output; of an answer the latest mark counts', () => {
    const { report } = withReviews(run, reviews)
    expect(report.answers!.reviews).toEqual([reviews[0], reviews[1]])
    expect(renderText(report, { width: 100, color: false })).toMatch(
      /kept: reviews +rightly graded 1, bad answer 1/,
    )
  })

  const good = {
    format: 'k6-inference-reviews',
    version: 1,
    scenario: 's',
    startedAt: null,
    reviews,
  }
  test('are read as they were written', () => {
    expect(readReviews(good)).toEqual({ ok: true, file: good })
  })

  test.each<[unknown, RegExp]>([
    [null, /"format" is missing/],
    [{ ...good, format: 'x' }, /"format" is "x"/],
    [{ ...good, version: 2 }, /version 2; this program reads version 1/],
    [{ ...good, startedAt: 3 }, /"startedAt" is 3/],
    [{ ...good, reviews: {} }, /"reviews" is {}; accepted: a list/],
    [
      { ...good, reviews: [{ id: 'a', mark: 'fine', at: at(1) }] },
      /holds .*"fine".*reviewed, wrong_grade/,
    ],
    [{ ...good, reviews: [{ id: 'a', mark: 'reviewed', at: 'now' }] }, /holds .*"now"/],
    [{ ...good, reviews: [null] }, /holds null/],
  ])('of %j say what is wrong', (data, message) => {
    const read = readReviews(data)
    expect(!read.ok && read.message).toMatch(message)
  })
})
