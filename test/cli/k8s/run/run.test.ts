import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { exitOf } from '../../../../cli/k6-process/index.ts'
import type { Report } from '../../../../lib/results/index.ts'
import {
  equalSegments,
  played,
  virtualRun,
  written,
  type PodChange,
} from '../../merge/virtual-pods.ts'
import {
  ended,
  podName,
  RUN,
  RUNNING,
  runOnFake,
  type FakeCluster,
  type Ran,
} from './fake-cluster.ts'

const steady = virtualRun('steady')
const SCENARIO = steady.head.run.scenario
const SEGMENTS = equalSegments(3)

/** What a pod of the made-up run writes to its log. */
function logOf(n: number, change: PodChange = {}): string {
  const { head, requests, server, end } = played(steady, SEGMENTS[n - 1]!, change)
  const lines = [head, ...server, ...requests, ...(end === undefined ? [] : [end])]
  return `k6 says something first\n${lines.map((line) => `${JSON.stringify(line)}\n`).join('')}`
}

/** All three pods run, and have their whole logs. */
async function begin(cluster: FakeCluster, change: PodChange = {}): Promise<void> {
  for (const n of [1, 2, 3]) cluster.log(n, logOf(n, n === 2 ? change : {}))
  await cluster.until('created')
  cluster.stage('created')
  cluster.pods({ 1: { phase: 'Pending' }, 2: { phase: 'Pending' }, 3: { phase: 'Pending' } })
  cluster.stage('started')
  cluster.pods({ 1: RUNNING, 2: RUNNING, 3: RUNNING })
  for (const n of [1, 2, 3]) cluster.end(n)
}

const reportOf = ({ results }: Ran) =>
  JSON.parse(readFileSync(path.join(results, `${SCENARIO}.json`), 'utf8')) as Report

test('a run is created, watched, read from its pods’ logs, merged, reported and deleted', async () => {
  await runOnFake(
    async (cluster) => {
      await begin(cluster)
      cluster.pods({ 1: ended(99), 2: ended(99), 3: ended(99) })
      cluster.stage('finished')
    },
    (ran) => {
      const report = reportOf(ran)
      expect(report.pods).toMatchObject({ segments: SEGMENTS, missing: [], cut: [], doubts: [] })
      const requests = SEGMENTS.map((part) => played(steady, part).requests.length)
      expect(report.total.finished).toBe(requests.reduce((all, some) => all + some))
      expect(exitOf(report)).toBe(ran.code)
      expect(readFileSync(path.join(ran.results, 'report.md'), 'utf8')).toContain(SCENARIO)
      expect(ran.deleted).toBe(true)
      // The operator would delete the pods, whose logs are still to be read.
      expect(ran.created.spec).not.toHaveProperty('cleanup')
    },
    { plan: { cleanup: true } },
  )
})

test('results on a claim are read where it is mounted, and their own figures with them', async () => {
  const claim = mkdtempSync(path.join(tmpdir(), 'k6-inference-claim-'))
  try {
    await runOnFake(
      async (cluster) => {
        for (const [i, segment] of SEGMENTS.entries()) {
          written(path.join(claim, RUN, podName(i + 1)), played(steady, segment))
          cluster.log(i + 1, 'k6 says something\n')
          cluster.end(i + 1)
        }
        await cluster.until('created')
        cluster.stage('started')
        cluster.pods({ 1: ended(), 2: ended(), 3: ended() })
      },
      (ran) => {
        const report = reportOf(ran)
        expect(report.pods).toMatchObject({ segments: SEGMENTS, doubts: [] })
        expect(report.total.dropped).toBe(steady.dropped.length)
      },
      { plan: { resultsClaim: 'results' }, args: ['--results', claim] },
    )
  } finally {
    rmSync(claim, { recursive: true, force: true })
  }
})

test('an evicted pod is named, and the run is unclear', async () => {
  const message = 'The node was low on resource: memory.'
  await runOnFake(
    async (cluster) => {
      await begin(cluster, { killedMs: 4000 })
      const evicted = { phase: 'Failed', reason: 'Evicted', message }
      cluster.pods({ 1: ended(), 2: evicted, 3: ended() })
      cluster.stage('finished')
    },
    (ran) => {
      expect(ran.code).toBe(4)
      const { verdict, pods } = reportOf(ran)
      expect(verdict.status).toBe('unclear')
      expect(pods?.cut.map(({ segment }) => segment)).toEqual([SEGMENTS[1]])
      const words = `pod ${podName(2)}: Evicted: ${message}`
      expect(verdict.reasons).toContain(words)
      expect(ran.note).toContain(words)
    },
  )
})

test('a pod that is gone with its node is named, and what its log gave counts', async () => {
  await runOnFake(
    async (cluster) => {
      await begin(cluster, { killedMs: 4000 })
      await cluster.untilFollowed(2)
      cluster.pods({ 1: ended(), 3: ended() })
      cluster.stage('finished')
    },
    (ran) => {
      expect(ran.code).toBe(4)
      const { verdict, pods } = reportOf(ran)
      expect(pods?.segments).toEqual(SEGMENTS)
      expect(verdict.reasons).toContainEqual(expect.stringMatching(`pod ${podName(2)}: gone`))
    },
  )
})

test.each([
  [200, 0],
  [403, 1],
])('results pushed to a server that answers %i: exit code %i', async (status, expected) => {
  const taken: string[] = []
  const server = createServer((request, response) => {
    taken.push(request.url ?? '')
    request.resume().on('end', () => response.writeHead(status).end())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  try {
    await runOnFake(
      async (cluster) => {
        await begin(cluster)
        cluster.pods({ 1: ended(), 2: ended(), 3: ended() })
      },
      (ran) => {
        const verdict = reportOf(ran).verdict.status
        expect(ran.code).toBe(verdict === 'failed' ? 99 : expected)
        expect(taken).toContain(`/runs/${RUN}/${SCENARIO}.json`)
        expect(ran.note).toContain(status === 200 ? 'pushed' : 'were not pushed: PUT')
      },
      { args: ['--push', `http://127.0.0.1:${port}/runs`] },
    )
  } finally {
    server.close()
  }
})

test('a log that breaks off is asked for again', async () => {
  await runOnFake(
    async (cluster) => {
      for (const n of [1, 3]) cluster.log(n, logOf(n))
      cluster.log(2, '')
      for (const n of [1, 3]) cluster.end(n)
      await cluster.until('created')
      cluster.stage('started')
      cluster.pods({ 1: ended(), 2: RUNNING, 3: ended() })
      cluster.end(2, 'broken')
      await cluster.untilFollowed(2)
      cluster.log(2, logOf(2))
      cluster.pods({ 1: ended(), 2: ended(), 3: ended() })
    },
    (ran) => expect(reportOf(ran).pods).toMatchObject({ segments: SEGMENTS, cut: [] }),
  )
})

test('pods that never begin: why is said, with exit code 108, and the TestRun is deleted', async () => {
  await runOnFake(
    async (cluster) => {
      await cluster.until('created')
      cluster.stage('created')
      const message = "secret 'llm' not found"
      const waiting = { reason: 'CreateContainerConfigError', message }
      const unplaced = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }
      cluster.pods({
        1: { phase: 'Pending', containerStatuses: [{ name: 'k6', state: { waiting } }] },
        2: { phase: 'Pending', conditions: [{ ...unplaced, message: '0/3 nodes are available' }] },
      })
    },
    ({ code, note, deleted }) => {
      expect(code).toBe(108)
      expect(note).toContain('had not begun after 2 s')
      expect(note).toContain('2 of 3 pods were made')
      expect(note).toContain("CreateContainerConfigError: secret 'llm' not found")
      expect(note).toContain('Unschedulable: 0/3 nodes are available')
      expect(deleted).toBe(true)
    },
    { args: ['--start-timeout', '2s'] },
  )
})

test('what the initializer says against the script is shown', async () => {
  await runOnFake(
    async (cluster) => {
      cluster.log('initializer', 'RATE="many": not a number\n')
      await cluster.until('created')
      cluster.stage('error')
    },
    ({ code, note }) => {
      expect(code).toBe(108)
      expect(note).toContain('initializer:\n  RATE="many": not a number')
    },
  )
})

test('pods that call the run off, as with a wrong key, have sent no load', async () => {
  await runOnFake(
    async (cluster) => {
      for (const n of [1, 2, 3])
        cluster.log(n, 'answered 401: the key is wrong; no load was sent\n')
      for (const n of [1, 2, 3]) cluster.end(n)
      await cluster.until('created')
      cluster.stage('started')
      cluster.pods({ 1: ended(108), 2: ended(108), 3: ended(108) })
    },
    ({ code, note }) => {
      expect(code).toBe(108)
      expect(note).toContain('the key is wrong')
      expect(note).toContain(`${podName(3)}: exit code 108`)
    },
  )
})

test('a TestRun that someone deletes before the load', async () => {
  await runOnFake(
    async (cluster) => {
      await cluster.until('created')
      cluster.forget()
    },
    ({ code }) => expect(code).toBe(108),
  )
})

test('an API that is away for a moment ends nothing', async () => {
  await runOnFake(
    async (cluster) => {
      await begin(cluster)
      cluster.refuse('Unable to connect to the server: connection refused')
      await new Promise((resolve) => setTimeout(resolve, 600))
      cluster.refuse(undefined)
      cluster.pods({ 1: ended(), 2: ended(), 3: ended() })
    },
    (ran) => expect(reportOf(ran).pods?.doubts).toEqual([]),
  )
})

test('a cluster without the operator is told apart', async () => {
  const words = 'no matches for kind "TestRun" in version "k6.io/v1alpha1"'
  await runOnFake(
    async (cluster) => cluster.refuse(words),
    ({ code, note }) => {
      expect(code).toBe(1)
      expect(note).toContain(words)
      expect(note).toMatch(/install k6-operator/)
    },
  )
})

test('a run that takes too long is deleted, and judged as far as it got', async () => {
  await runOnFake(
    async (cluster) => {
      for (const n of [1, 2, 3]) cluster.log(n, logOf(n, { killedMs: 4000 }))
      await cluster.until('created')
      cluster.stage('started')
      cluster.pods({ 1: RUNNING, 2: RUNNING, 3: RUNNING })
      await cluster.until('deleted')
      for (const n of [1, 2, 3]) cluster.end(n)
    },
    (ran) => {
      expect(ran.code).toBe(4)
      const reasons = reportOf(ran).verdict.reasons
      expect(reasons).toContainEqual(expect.stringMatching(/still running when .* deleted/))
    },
    { args: ['--timeout', '2s'] },
  )
})

test.each([
  [{ resultsClaim: 'results' }, [], 1, /--results names where it is mounted/],
  [{}, ['--every', '1h'], 2, /--every 1h: accepted: a duration, 50ms to 1m/],
  [{}, ['--tolerance', 'ttft_p95=5%'], 2, /goes with --gate/],
])('%j %j is refused before anything is created', async (plan, args, expected, words) => {
  await runOnFake(
    async () => {},
    ({ code, note, created }) => {
      expect(code).toBe(expected)
      expect(note).toMatch(words)
      expect(created).toBeUndefined()
    },
    { plan, args },
  )
})
