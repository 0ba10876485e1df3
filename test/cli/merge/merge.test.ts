import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { main } from '../../../cli/merge/index.ts'
import { readRun } from '../../../cli/run-folder/index.ts'
import { idleSum } from '../../../lib/metrics/index.ts'
import { answerLine } from '../../../lib/records/index.ts'
import type { AnswerRecord, AnyRecord, RunRecord } from '../../../lib/records/index.ts'
import type { Report, TrendStats } from '../../../lib/results/index.ts'
import { byValue } from '../../support/by-value.ts'
import { equalSegments, played, virtualRun, written, type PodChange } from './virtual-pods.ts'
import { terminal } from '../../support/terminal.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-merge-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const steady = virtualRun('steady')
const SCENARIO = steady.head.run.scenario

/** Files of one pod of a run, in a folder of its own. */
function pod(
  segment: string | null,
  change: PodChange & { noise?: string; results?: boolean; run?: typeof steady } = {},
): string {
  const { noise = '', results = true, run = steady } = change
  const name = `pod-${(segment ?? 'all').replace(/[:/%]/g, '_')}`
  return written(path.join(folder, name), played(run, segment, change), { results, noise })
}

async function merge(...args: string[]) {
  const to = terminal()
  const out = path.join(folder, 'merged')
  const code = await main(['--out', out, ...args], to)
  const read = (ending: string, scenario = SCENARIO) =>
    readFileSync(path.join(out, `${scenario}${ending}`), 'utf8')
  return { code, ...to.written, read, report: () => JSON.parse(read('.json')) as Report }
}

const plain = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T
const messages = (report: Report) => report.warnings.map(({ message }) => message)

/** All that a report says, but for what names the pods, and for what only records tell. */
function figures(report: Report) {
  const {
    pods: _pods,
    verdict: _verdict,
    certainty: _certainty,
    steady: _steady,
    ...own
  } = plain(report)
  const { warnings, ...rest } = byValue(own)
  return { ...rest, warnings: warnings.filter(({ type }) => type !== 'pods') }
}

describe('pods give what one process would have given, to the last digit', () => {
  test.each([
    ['steady', equalSegments(2)],
    ['steady', equalSegments(3)],
    ['steady', ['0:1/2', '1/2:75%', '0.75:1']],
    ['spike', equalSegments(2)],
    ['spike', equalSegments(4)],
    ['cold', equalSegments(3)],
    ['closed', equalSegments(4)],
    ['down', equalSegments(2)],
  ])('%s in %j', async (name, segments) => {
    const run = virtualRun(name)
    const { report: whole } = played(run, null)
    const merged = await merge(...segments.map((segment) => pod(segment, { run })))
    const report = JSON.parse(merged.read('.json', run.head.run.scenario)) as Report
    expect(figures(report)).toEqual(figures(whole))
    expect(report.pods).toMatchObject({ segments, missing: [], cut: [], doubts: [] })
    // The run that is compared with has something of everything.
    expect(whole.droppedIterations).toBe(3)
    expect(whole.own.thresholds.map(({ ok }) => ok)).toContain(true)
    if (name === 'spike') expect(whole.inFlightAtEnd).toBeGreaterThan(0)
    if (name !== 'down')
      expect((whole.measured.metrics['llm_itl'] as TrendStats).p95).not.toBeNull()
    expect(whole.client.handlerDelayP99Ms).not.toBeNull()
    expect(whole.server?.phases.length).toBeGreaterThan(1)
  })

  test('its intervals and verdicts, too, to the order of a sum', async () => {
    const left = played(steady, null)
    const { report: whole } = await readRun(written(path.join(folder, 'whole'), left))
    const { report } = await merge(...equalSegments(3).map((segment) => pod(segment)))
    const { measured, certainty, steady: parts, slo } = report()
    expect(certainty).toEqual(whole.certainty)
    expect(parts).toEqual(whole.steady)
    expect(slo.map(({ id, verdict }) => [id, verdict])).toEqual(
      whole.slo.map(({ id, verdict }) => [id, verdict]),
    )
    const known = Object.entries(whole.measured.intervals!)
    expect(known.length).toBeGreaterThan(20)
    for (const [key, { low, high }] of known) {
      const merged = measured.intervals![key]!
      for (const [mine, theirs] of [[merged.low, low] as const, [merged.high, high] as const]) {
        if (theirs === null) expect(mine, key).toBeNull()
        else expect(mine, key).toBeCloseTo(theirs, 6)
      }
    }
  })

  test('what each asked before its load adds up, and the answers compared with that', async () => {
    const asked = { prompts: 20, unstable: 1, repeated: 57, differed: 2, requests: 100 }
    const run = {
      ...virtualRun('steady', (head) => void (head['idle'] = idleSum([asked]))),
      requests: steady.requests.map((one, i) => ({ ...one, diverged: i % 5 === 0 })),
    }
    const { report: whole } = played(run, null)
    const { report } = await merge(...equalSegments(2).map((segment) => pod(segment, { run })))
    const { idle, parts } = report().divergence!
    expect(idle).toMatchObject({ prompts: 40, unstable: 2, repeated: 114, differed: 4 })
    expect(parts.map(({ name, compared, differed }) => [name, compared, differed])).toEqual(
      whole.divergence!.parts.map(({ name, compared, differed }) => [name, compared, differed]),
    )
    expect(parts.map(({ by }) => by)).toContain('endpoint')
  })

  test('however late a pod begins: times count from the start of its own load', async () => {
    const { report: whole } = played(steady, null)
    const [a, b, c] = equalSegments(3).map((segment, i) => pod(segment, { lateMs: i * 400 }))
    const { report } = await merge(a!, b!, c!)
    expect(figures(report())).toEqual(figures(whole))
    expect(report().measured.startedPerS).toBe(10)
    expect(report().pods?.skewMs).toBe(800)
  })

  test('of a run that every pod stopped at once', async () => {
    const stopped = virtualRun('steady')
    const early = {
      ...stopped,
      requests: stopped.requests.filter(({ endMs }) => endMs < 9000),
    }
    const left = equalSegments(2).map((segment) => played(early, segment))
    for (const { report, end } of left) {
      report.run.durationMs = 700 + 9000
      end!.atMs = 9000
    }
    const folders = left.map((one, i) => written(path.join(folder, `stopped-${i}`), one))
    const { report } = await merge(...folders)
    const { run, measured } = report()
    expect(run.endedEarly).toBe(true)
    expect(measured.lengthMs).toBe(7000)
    expect(measured.completedPerS).toBeCloseTo(10, 0)
  })
})

describe('the order of the arguments', () => {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]

  test('changes no byte of what is written, whatever was late, cut or lacks results', async () => {
    const segments = equalSegments(3)
    const pods = [
      pod(segments[0]!, { lateMs: 1700 }),
      pod(segments[1]!, { killedMs: 9000 }),
      pod(segments[2]!, { lateMs: 20, results: false }),
    ]
    const all = []
    for (const order of orders) {
      const { code, read } = await merge('--force', ...order.map((i) => pods[i]!))
      all.push([code, read('.json'), read('.records.jsonl')])
    }
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1)
  })

  test('nor does naming files in place of their folders', async () => {
    const pods = equalSegments(2).map((segment) => pod(segment))
    const first = await merge(...pods)
    const one = first.read('.json')
    const files = pods.flatMap((of) => readdirSync(of).map((name) => path.join(of, name)))
    const second = await merge('--force', ...files.reverse())
    expect(second.read('.json')).toBe(one)
  })
})

describe('what is missing', () => {
  test('a pod that nobody gave is named, and asked of nobody', async () => {
    const segments = equalSegments(3)
    const { code, report } = await merge(pod(segments[0]!), pod(segments[2]!))
    const { verdict, pods, measured, warnings } = report()
    expect(code).toBe(4)
    expect(verdict.status).toBe('unclear')
    expect(verdict.reasons.join()).toContain('segment 1/3:2/3')
    expect(pods?.missing).toEqual(['1/3:2/3'])
    expect(measured.asked).toBeCloseTo((10 * 2) / 3, 9)
    // Two thirds were asked for, and two thirds were sent: no slow server.
    expect(warnings.map(({ type }) => type)).not.toContain('load_not_reached')
  })

  test('an evicted pod is named, and the run ended early', async () => {
    const [a, b] = equalSegments(2)
    const { code, report } = await merge(pod(a!), pod(b!, { killedMs: 9000 }))
    const { verdict, run, pods } = report()
    expect(code).toBe(4)
    expect(verdict.status).toBe('unclear')
    expect(verdict.reasons.join()).toMatch(/segment 1\/2:1 stop at 8\.\ds without an end/)
    expect(run.endedEarly).toBe(true)
    expect(pods?.cut).toMatchObject([{ segment: '1/2:1' }])
  })

  test('and is so again for whoever reads the merged records', async () => {
    const [a, b] = equalSegments(2)
    const { read, report } = await merge(pod(a!), pod(b!, { killedMs: 9000 }))
    const lines = read('.records.jsonl').trimEnd().split('\n')
    const records = lines.map((line) => JSON.parse(line) as { record: string })
    expect(records.map(({ record }) => record)).not.toContain('end')
    const { doubts: _doubts, ...pods } = report().pods!
    expect((records[0] as RunRecord).run['pods']).toEqual(pods)
  })

  test('counts that only results know have no value when a pod left none', async () => {
    const [a, b] = equalSegments(2)
    const { report } = await merge(pod(a!), pod(b!, { results: false }))
    expect(report().droppedIterations).toBeNull()
    expect(report().measured.dropped).toBeNull()
    expect(messages(report()).join()).toContain('results of 1 of 2 pods')
  })

  test('percentiles of what records do not hold are the worst pod’s, and said to be', async () => {
    const run = virtualRun('steady')
    const bare = run.requests.map(({ gapsMs: _gaps, ...record }) => record)
    const left = equalSegments(2).map((segment, i) => {
      const one = played(run, segment)
      const { p95 } = one.report.measured.metrics['llm_itl'] as TrendStats
      ;(one.report.measured.metrics['llm_itl'] as TrendStats).p95 = p95! + i
      return { ...one, requests: played({ ...run, requests: bare }, segment).requests }
    })
    const whole = played(run, null).report.measured.metrics['llm_itl'] as TrendStats
    const { report } = await merge(...left.map((one, i) => written(path.join(folder, `${i}`), one)))
    const itl = report().measured.metrics['llm_itl'] as TrendStats
    expect(itl.count).toBe(whole.count)
    expect(itl.avg).toBeCloseTo(whole.avg!, 9)
    expect(itl.p95).toBe(whole.p95! + 1)
    expect(messages(report()).join()).toMatch(/ITL.*worst pod's/)
  })
})

describe('what was asked for', () => {
  const asking = (segment: string, prompts: string) =>
    pod(segment, {
      run: virtualRun('steady', (own) => {
        own['workload'] = { schedule: 's', lengths: 'l', prompts }
      }),
    })

  test('is that of the whole run, where all pods say the same', async () => {
    const { report } = await merge(asking('0:1/2', 'p'), asking('1/2:1', 'p'))
    expect(report().load.workload).toEqual({ schedule: 's', lengths: 'l', prompts: 'p' })
  })

  test('is not known where they do not, which is said', async () => {
    const { code, report } = await merge(asking('0:1/2', 'p'), asking('1/2:1', 'q'))
    expect([code, report().load.workload]).toEqual([0, null])
    expect(messages(report()).join()).toMatch(/pods asked for different requests/)
  })
})

describe('every command reads pods as `merge` does:', () => {
  test('their files, the merged folder, and the merged records', async () => {
    const pods = equalSegments(3).map((segment) => pod(segment))
    const { report, read } = await merge(...pods)
    expect(plain((await readRun(pods)).report)).toEqual(report())
    const out = path.join(folder, 'merged')
    const whole = await readRun(out)
    expect(whole.report).toEqual(report())
    expect(whole.requests).toHaveLength(steady.requests.length)
    const records = path.join(folder, 'alone.jsonl')
    writeFileSync(records, read('.records.jsonl'))
    const alone = plain((await readRun(records)).report)
    for (const scope of ['measured', 'total'] as const) {
      const { started: _s, startedPerS: _r, dropped: _d, metrics, ...figures } = alone[scope]
      expect(report()[scope]).toMatchObject(figures)
      const { llm_requests_started: _n, ...others } = metrics
      expect(report()[scope].metrics).toMatchObject(others)
    }
    expect(alone.pods).toEqual(report().pods)
    expect(alone.server).toEqual(report().server)
  })

  test('a part of the load stays a part', async () => {
    const { read } = await merge(pod('0:1/3'), pod('2/3:1'))
    const records = path.join(folder, 'alone.jsonl')
    writeFileSync(records, read('.records.jsonl'))
    const { report } = await readRun(records)
    expect(report.verdict.status).toBe('unclear')
    expect(report.pods?.missing).toEqual(['1/3:2/3'])
    expect(report.load.segment).toBe('0:1/3,2/3:1')
    const again = await merge('--force', records, pod('1/3:2/3'))
    expect([again.code, again.report().pods?.missing]).toEqual([0, []])
    const { report: of } = played(steady, null)
    expect(again.report().measured.metrics).toEqual(plain(of.measured.metrics))
  })
})

describe('the exit code is a local run’s', () => {
  test('99 on a missed limit', async () => {
    const run = virtualRun('steady', (own) => (own.slo = { ...own.slo, ttftP95Ms: 90 }))
    const { code, report } = await merge(
      ...equalSegments(2).map((segment) => pod(segment, { run })),
    )
    expect([code, report().verdict.status]).toEqual([99, 'failed'])
  })

  test('0 when all is kept', async () => {
    const { code, report } = await merge(...equalSegments(2).map((segment) => pod(segment)))
    // 140 requests without a failure do not prove an error rate of 1 %.
    expect([code, report().verdict.status]).toEqual([0, 'undecided'])
  })
})

test('two pods that asked one server do not double its figures', async () => {
  const segments = equalSegments(2)
  const left = segments.map((segment) => played(steady, segment))
  const both = left.map((one) => ({ ...one, server: left[0]!.server }))
  const { report } = await merge(...both.map((one, i) => written(path.join(folder, `${i}`), one)))
  expect(report().server).toEqual(plain(played(steady, null).report.server))
})

test('pods that begin far apart leave it open what the server was asked for', async () => {
  const [a, b] = equalSegments(2)
  const { code, report } = await merge(pod(a!), pod(b!, { lateMs: 1500 }))
  expect(code).toBe(4)
  expect(report().verdict.reasons.join()).toContain('began 1.5s apart')
})

test('the merged records are one process’s: each request once, between a head and an end', async () => {
  const { read } = await merge(...equalSegments(2).map((segment) => pod(segment)))
  const lines = read('.records.jsonl').trimEnd().split('\n')
  const records = lines.map((line) => JSON.parse(line) as { record: string; id: string })
  const kinds = records.map(({ record }) => record)
  expect(kinds.filter((kind) => kind === 'run')).toHaveLength(1)
  expect([kinds[0], kinds[kinds.length - 1]]).toEqual(['run', 'end'])
  const ids = (all: readonly { id: string }[]) => all.map(({ id }) => id).sort()
  expect(ids(records.filter(({ record }) => record === 'request'))).toEqual(ids(steady.requests))
  expect((records[0] as unknown as RunRecord).run.plan.segment).toBeNull()
})

test('kept answers of all pods are in the merged records, each after its request', async () => {
  const folders = equalSegments(2).map((segment) => {
    const own = pod(segment)
    const file = path.join(own, 'records.jsonl')
    const lines = readFileSync(file, 'utf8').split('\n')
    const from = lines.findIndex((line) => line.includes('"record":"request"'))
    const { id } = JSON.parse(lines[from]!) as { id: string }
    const texts = { prompt: 'p', answer: `of ${segment}`, toolCalls: [], expected: [] }
    lines.splice(
      from + 1,
      0,
      answerLine(id, texts, (text) => text),
    )
    writeFileSync(file, lines.join('\n'))
    return own
  })
  const { read } = await merge(...folders)
  const records = read('.records.jsonl')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AnyRecord)
  const kept = records.flatMap((record, i) => (record.record === 'answer' ? [i] : []))
  expect(kept.map((i) => records[i])).toMatchObject([
    { answer: 'of 0:1/2' },
    { answer: 'of 1/2:1' },
  ])
  for (const i of kept) {
    const { id } = records[i] as AnswerRecord
    expect(records[i - 1]).toMatchObject({ record: 'request', id })
  }
})

test('a pod’s log with other messages in it is read', async () => {
  const noise = 'time="…" level=info msg="hello"\nWARN something\n'
  const [a, b] = equalSegments(2)
  expect((await merge(pod(a!, { noise }), pod(b!))).code).toBe(0)
})

describe('is refused, and nothing is written:', () => {
  const changed = (change: PodChange['change']) => [pod('0:1/2'), pod('1/2:1', { change: change! })]
  const values = (own: RunRecord) =>
    (own.run['config'] as { values: Record<string, unknown> }).values

  test.each<[string, () => string[], RegExp]>([
    [
      'a file given twice',
      () => [pod('0:1/2'), path.join(pod('0:1/2'), 'records.jsonl')],
      /given twice/,
    ],
    [
      'a file given twice by another name',
      () => [pod('0:1/2'), alias(pod('0:1/2'))],
      /given twice/,
    ],
    [
      'a copy of a pod',
      () => [pod('0:1/2'), copy(pod('0:1/2')), pod('1/2:1')],
      /in .*records\.jsonl and in/,
    ],
    [
      'requests of two pods with one id',
      () => [pod('0:1/2'), sameIds(pod('1/2:1'))],
      /request made-\d+ is in/,
    ],
    [
      'pods without segments',
      () => [empty(pod(null)), empty(copy(pod(null)))],
      /both played segment 0:1/,
    ],
    [
      'segments that overlap',
      () => [empty(pod('0:2/3')), empty(pod('1/3:1'))],
      /played 0:2\/3 and 1\/3:1/,
    ],
    [
      'fewer pods than there were',
      () => ['--pods', '3', pod('0:1/3'), pod('1/3:2/3')],
      /2 pods, expected 3/,
    ],
    ['another scenario', () => changed((own) => (own.run.scenario = 'rag')), /is of scenario rag/],
    ['another plan', () => changed((own) => (own.run.plan.phases[0]!.to = 77)), /another plan/],
    [
      'other limits',
      () => changed((own) => (own.run.slo = { ...own.run.slo, ttftP95Ms: 1 })),
      /other limits/,
    ],
    ['another variable', () => changed((own) => (values(own)['RATE'] = 2)), /another RATE/],
    [
      'another way of recording',
      () => changed((own) => (values(own)['RECORDS'] = 'on')),
      /another RECORDS/,
    ],
    [
      'another model',
      () => changed((own) => (own.run['server'] = { model: 'big' })),
      /asked model big/,
    ],
    [
      'results of a pod without its records',
      () => [pod('0:1/2'), resultsOf(pod('1/2:1'))],
      /no records of that pod/,
    ],
    ['a file that is cut', () => [pod('0:1/2'), cut(pod('1/2:1'))], /records\.jsonl:\d+: /],
    ['nothing there', () => [path.join(folder, 'none')], /no such file/],
    ['no records', () => [resultsOf(pod(null))], /no request records/],
    [
      'a scenario that is a path',
      () => [pod(null, { change: (own) => (own.run.scenario = '../../x'), results: false })],
      /cannot name a file/,
    ],
  ])('%s', async (_, args, words) => {
    const merged = await merge(...args())
    expect(merged.code).toBe(1)
    expect(merged.note).toMatch(words)
    expect(readdirSync(folder)).not.toContain('merged')
  })

  test('what would replace an input, even with --force; or a file, without', async () => {
    const [a, b] = equalSegments(2).map((segment) => pod(segment))
    const out = path.join(folder, 'merged')
    mkdirSync(out)
    writeFileSync(path.join(out, `${SCENARIO}.json`), 'mine')
    const kept = await merge(a!, b!)
    expect([kept.code, kept.read('.json')]).toEqual([1, 'mine'])
    expect(kept.note).toContain('--force')
    expect((await merge('--force', a!, b!)).code).toBe(0)

    const inputs = path.join(out, `${SCENARIO}.records.jsonl`)
    const before = readFileSync(inputs, 'utf8')
    const again = await merge('--force', inputs)
    expect(again.note).toContain('one of the files to merge')
    expect(readFileSync(inputs, 'utf8')).toBe(before)
    expect(readdirSync(out)).toHaveLength(2)
  })
})

test('a file that is cut is read with --skip-bad-lines, and its pod has no end', async () => {
  const args = [pod('0:1/2'), cut(pod('1/2:1', { results: false })), '--skip-bad-lines']
  const { code, note, report } = await merge(...args)
  expect(code).toBe(4)
  expect(note).toContain('left out')
  expect(report().pods?.cut).toMatchObject([{ segment: '1/2:1' }])
})

function edit(podFolder: string, change: (text: string) => string): string {
  const file = path.join(podFolder, 'records.jsonl')
  writeFileSync(file, change(readFileSync(file, 'utf8')))
  return podFolder
}

function cut(podFolder: string): string {
  return edit(podFolder, (text) => text.slice(0, -20))
}

function sameIds(podFolder: string): string {
  return edit(podFolder, (text) => text.replace(/"id":"made-\d+"/, '"id":"made-0"'))
}

/** Only what says which run it is. */
function empty(podFolder: string): string {
  rmSync(resultsOf(podFolder), { force: true })
  return edit(podFolder, (text) => text.slice(0, text.indexOf('\n') + 1))
}

function copy(podFolder: string): string {
  const other = `${podFolder}-copy`
  mkdirSync(other)
  writeFileSync(
    path.join(other, 'records.jsonl'),
    readFileSync(path.join(podFolder, 'records.jsonl')),
  )
  return other
}

function alias(podFolder: string): string {
  const link = path.join(folder, 'link.jsonl')
  symlinkSync(path.join(podFolder, 'records.jsonl'), link)
  return link
}

function resultsOf(podFolder: string): string {
  return path.join(podFolder, `${SCENARIO}.json`)
}
