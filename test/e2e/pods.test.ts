import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { percentile } from '../../lib/statistics/index.ts'
import type { Report, TrendStats } from '../../lib/results/index.ts'
import { main } from '../../cli/merge/index.ts'
import { ended, podName, runOnFake } from '../cli/k8s/run/fake-cluster.ts'
import { runPods, type Pod } from './pods.ts'

const SOME = {
  RUN_ID: 'r1',
  CALIBRATION: 'off',
  RATE: '12',
  DURATION: '2s',
  WARMUP: '0',
  SPIKE_DURATION: '2s',
  RECOVERY_DURATION: '0',
  RAMP_DURATION: '2s',
  INPUT_TOKENS: 'lognormal(60,0.6)',
  OUTPUT_TOKENS: 'uniform(4,12)',
  EXPECTED_E2E: '2s',
  MAX_VUS: '30',
}

/** All that is settled before a request is sent, by the request's id. */
function sent(pods: Pod[]) {
  const all = pods.flatMap(({ requests }) => requests)
  const settled = all.map(
    ({ id, promptId, phase, dueMs, inputTokens, askedOutputTokens, session, turn }) => {
      // Of a conversation's later turns the due time hangs on the answers.
      const settledMs = turn === undefined || turn === 1 ? dueMs : undefined
      const what = { promptId, phase, settledMs, inputTokens, askedOutputTokens, session, turn }
      return [id, what] as const
    },
  )
  const byId = new Map(settled)
  expect(byId.size, 'no request twice').toBe(all.length)
  return byId
}

/**
 * Iterations by k6 scenario. Where a machine is so busy that k6 itself is late, a phase may end before its
 * last iterations began: those of a process are then the first of its own, without a hole.
 */
function expectNoHoles(pods: Pod[]): void {
  const done = new Map<string, Set<number>>()
  for (const { id } of pods.flatMap(({ requests }) => requests)) {
    const [, scenario = '', iteration] = /^(.+?)-(\d+)(?:-\d+)?$/.exec(id) ?? []
    done.set(scenario, (done.get(scenario) ?? new Set()).add(Number(iteration)))
  }
  for (const [scenario, iterations] of done) {
    // Segments of equal size are dealt iterations in turn.
    const holes = [...iterations].filter(
      (n) => n >= pods.length && !iterations.has(n - pods.length),
    )
    expect(holes, scenario).toEqual([])
  }
}

const BUSY = / apart|(requests started|timers fired|handlers ran) late/

/** What `k6-inference merge` makes of the pods' own files. */
async function merged(pods: Pod[], scenario: string): Promise<Report> {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-merged-'))
  try {
    const given = pods.map(({ text, report }, i) => {
      const own = path.join(folder, `pod-${i + 1}`)
      mkdirSync(own)
      writeFileSync(path.join(own, 'records.jsonl'), text)
      writeFileSync(path.join(own, `${scenario}.json`), JSON.stringify(report, null, 2))
      return own
    })
    const notes: string[] = []
    const args = ['--pods', String(pods.length), '--out', path.join(folder, 'all'), ...given]
    const code = await main(args, { out: () => {}, note: (text) => void notes.push(text) })
    expect([0, 4], notes.join('')).toContain(code)
    const json = readFileSync(path.join(folder, 'all', `${scenario}.json`), 'utf8')
    const report = JSON.parse(json) as Report
    // On a busy machine processes begin far apart and requests start late: the run is then not judged.
    expect(report.pods).toMatchObject({ missing: [], cut: [] })
    if (code === 4) for (const reason of report.verdict.reasons) expect(reason).toMatch(BUSY)
    return report
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const CASES: readonly {
  what: string
  scenario: string
  env: Record<string, string>
  pods: readonly number[]
}[] = [
  { what: 'a constant rate', scenario: 'chat-steady', env: {}, pods: [2, 3, 5] },
  {
    what: 'drawn arrivals',
    scenario: 'chat-steady',
    env: { ARRIVALS: 'poisson' },
    pods: [2, 3, 5],
  },
  { what: 'a spike', scenario: 'chat-spike', env: {}, pods: [3] },
  { what: 'a ramp', scenario: 'chat-ramp', env: { PEAK_RATE: '20' }, pods: [3] },
  {
    what: 'a trace',
    scenario: 'trace-replay',
    env: {
      TRACE: fileURLToPath(new URL('../../data/traces/prefix-5min.jsonl', import.meta.url)),
      TRACE_FOR: '30s',
      SPEED: '10',
      SLO_ERROR_RATE: '1',
    },
    pods: [3],
  },
  {
    what: 'a sweep of rates',
    scenario: 'rate-sweep',
    env: { STEPS: '6,12', STEP_DURATION: '2s', STEP_SETTLE: '0s' },
    pods: [3],
  },
  {
    what: 'conversations',
    scenario: 'conversation',
    env: { TURNS: '3', THINK_TIME: '50', RATE: '6' },
    pods: [3],
  },
]

describe('N processes on N segments send exactly what one sends', () => {
  it.each(CASES)('$what', async ({ scenario, env, pods: counts }) => {
    const one = await runPods({ scenario, env: { ...SOME, ...env }, pods: 1 })
    expect(one.pods[0]?.requests.length, one.pods[0]?.stderr).toBeGreaterThan(10)
    const whole = sent(one.pods)
    expectNoHoles(one.pods)
    for (const pods of counts) {
      const many = await runPods({ scenario, env: { ...SOME, ...env }, pods })
      for (const pod of many.pods) {
        expect(pod.code, pod.stderr).toBe(0)
        expect(pod.requests.length).toBeGreaterThan(0)
      }
      const parts = sent(many.pods)
      expectNoHoles(many.pods)
      const both = [...whole.keys()].filter((id) => parts.has(id))
      expect(both.length).toBeGreaterThan(whole.size / 2)
      for (const id of both) expect(parts.get(id), id).toEqual(whole.get(id))
      // What reached the server, besides each process's own preflight.
      expect(many.seen.length - pods).toBe(parts.size)

      const [theirs, ours] = [one.pods[0]!.report!, await merged(many.pods, scenario)]
      const own = many.pods.map(({ report }) => report!)
      for (const count of ['started', 'finished', 'completed', 'dropped'] as const) {
        const sum = own.reduce((all, { total }) => all + total[count]!, 0)
        expect(ours.total[count], count).toBe(sum)
      }
      expect(ours.inFlightAtEnd).toBe(0)
      expect(ours.measured.asked).toBe(theirs.measured.asked)
      expect(ours.measured.lengthMs).toBe(theirs.measured.lengthMs)
      // Times differ from run to run; what is merged is the percentile of all pods' requests.
      const ttft = many.pods.flatMap(({ requests }) => requests.map((r) => r.ttftMs!))
      const { p95, count } = ours.total.metrics['llm_ttft'] as TrendStats
      expect(count).toBe(parts.size)
      expect(p95).toBeCloseTo(percentile(ttft, 0.95)!, 3)
      // On a machine that kept up the same requests were sent, and make the same figures.
      if (both.length < Math.max(whole.size, parts.size)) continue
      expect(ours.outcomes).toEqual(theirs.outcomes)
      for (const name of ['llm_input_tokens_per_request', 'llm_output_tokens_per_request']) {
        expect(ours.total.metrics[name], name).toEqual(theirs.total.metrics[name])
      }
    }
  })
})

it('a process that was killed is named by `k8s run`, and the run is not judged', async () => {
  const env = { ...SOME, DURATION: '4s' }
  const { pods } = await runPods({ scenario: 'chat-steady', env, pods: 3, killed: 2 })
  expect(pods[1]!.report).toBeUndefined()
  await runOnFake(
    async (cluster) => {
      // Its pods write their records to their logs.
      for (const [i, { text }] of pods.entries()) cluster.log(i + 1, text)
      for (const n of [1, 2, 3]) cluster.end(n)
      await cluster.until('created')
      cluster.stage('started')
      const killed = { exitCode: 137, reason: 'OOMKilled' }
      cluster.pods({
        1: ended(),
        2: { phase: 'Failed', containerStatuses: [{ name: 'k6', state: { terminated: killed } }] },
        3: ended(),
      })
      cluster.stage('finished')
    },
    ({ code, results, note }) => {
      expect(code, note).toBe(4)
      const json = readFileSync(path.join(results, 'chat-steady.json'), 'utf8')
      const report = JSON.parse(json) as Report
      expect(report.verdict.status).toBe('unclear')
      expect(report.run.endedEarly).toBe(true)
      expect(report.pods!.cut.map(({ segment }) => segment)).toEqual(['1/3:2/3'])
      expect(report.verdict.reasons).toContain(`pod ${podName(2)}: OOMKilled, exit code 137`)
    },
  )
})

it('a closed loop splits its concurrency: as many in flight as asked, no request twice', async () => {
  const { RATE: _, MAX_VUS: _most, ...env } = SOME
  const { pods, seen } = await runPods({
    scenario: 'chat-steady',
    env: { ...env, CONCURRENCY: '7' },
    pods: 3,
  })
  // Each pod's VUs, by the requests that it had in flight at one time.
  const most = pods.map(({ requests, code, stderr }) => {
    expect(code, stderr).toBe(0)
    const edges = requests.flatMap(
      ({ startMs, endMs }) =>
        [
          [startMs, 1],
          [endMs, -1],
        ] as const,
    )
    let now = 0
    return Math.max(
      ...edges.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, step]) => (now += step)),
    )
  })
  expect([...most].sort()).toEqual([2, 2, 3])
  const all = pods.flatMap(({ requests }) => requests)
  expect(new Set(all.map(({ promptId }) => promptId)).size).toBe(all.length)
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  expect(seen.length - pods.length).toBe(all.length)
})

describe('processes that are ready at different times', () => {
  const env = { ...SOME, DURATION: '3s' }

  it('begin together at START_AT', async () => {
    const startMs = Date.now() + 20_000
    const START_AT = new Date(startMs).toISOString()
    const { pods } = await runPods({
      scenario: 'chat-steady',
      env: { ...env, START_AT },
      pods: 3,
      apartMs: 700,
    })
    for (const { run, code, stderr, text } of pods) {
      expect(code, stderr).toBe(0)
      expect(text).not.toContain('START_AT passed')
      // Never before; how much later depends on how busy the machine is.
      expect(Date.parse(run!.startedAt)).toBeGreaterThanOrEqual(startMs)
    }
  })

  it('say so where START_AT had passed', async () => {
    const START_AT = '2020-01-01T00:00:00Z'
    const { pods } = await runPods({ scenario: 'chat-steady', env: { ...env, START_AT }, pods: 1 })
    expect(pods[0]!.text).toMatch(/START_AT passed \d+ ms before/)
    const warnings = pods[0]!.report?.warnings.map(({ message }) => message)
    expect(warnings).toContainEqual(expect.stringContaining('START_AT passed'))
  })
})
