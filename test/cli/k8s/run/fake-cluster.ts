import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { manifestsOf, toYaml, type K8sPlan } from '../../../../cli/k8s/index.ts'
import { main } from '../../../../cli/k8s/run/index.ts'
import type { Pod } from '../../../../cli/k8s/run/pods.ts'
import { terminal } from '../../../support/terminal.ts'
import { planWith } from '../plans.ts'

/** The run's name, which the fake API makes of `generateName`. */
export const RUN = 'chat-spike-x7f2k'
export const podName = (n: number) => `${RUN}-${n}-abcde`

type Status = NonNullable<Pod['status']>

/** What a cluster's API and operator do in one test, step by step. */
export interface FakeCluster {
  /** Stage of the TestRun. */
  stage(stage: string): void
  /** All pods that there are, by number. */
  pods(states: Readonly<Record<number, Status>>): void
  /** A pod's log, or that of the initializer. */
  log(of: number | 'initializer', text: string): void
  /** The log's stream ends, or breaks off. */
  end(pod: number, how?: 'whole' | 'broken'): void
  /** The TestRun is gone. */
  forget(): void
  /** Every call fails with this message until it is undefined. */
  refuse(message: string | undefined): void
  /** Waits until something is created or deleted. */
  until(what: 'created' | 'deleted'): Promise<void>
  /** Waits until a pod's log is read. */
  untilFollowed(pod: number): Promise<void>
}

export const RUNNING: Status = {
  phase: 'Running',
  containerStatuses: [{ name: 'k6', state: { running: {} } }],
}
export const ended = (exitCode = 0, more: Partial<Status> & { reason?: string } = {}): Status => ({
  phase: exitCode === 0 ? 'Succeeded' : 'Failed',
  containerStatuses: [{ name: 'k6', state: { terminated: { exitCode } } }],
  ...more,
})

export interface Ran {
  code: number
  out: string
  note: string
  /** Folder of `--out`. */
  results: string
  /** Whether the TestRun was deleted. */
  deleted: boolean
  /** The TestRun as it was created. */
  created: any
}

/**
 * Runs `k6-inference k8s run` against a fake cluster.
 *
 * @param play what the cluster does meanwhile
 * @param look sees the result before the files are gone
 */
export async function runOnFake(
  play: (cluster: FakeCluster) => Promise<void>,
  look: (ran: Ran) => Promise<void> | void,
  { args = [], plan = {} }: { args?: readonly string[]; plan?: Partial<K8sPlan> } = {},
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-cluster-'))
  try {
    const cluster = fakeCluster(folder)
    const manifest = path.join(folder, 'test.yaml')
    writeFileSync(manifest, toYaml(manifestsOf(planWith(plan)).test))
    const results = path.join(folder, 'results')
    const to = terminal()
    const kubectl = fileURLToPath(new URL('kubectl.mjs', import.meta.url))
    const own = [manifest, '--kubectl', kubectl, '--context', folder, '--every', '50ms']
    const running = main([...own, '--out', results, '--formats', 'md', ...args], to)
    const [code] = await Promise.all([running, play(cluster)])
    const kept = existsSync(path.join(folder, 'created.json'))
      ? JSON.parse(readFileSync(path.join(folder, 'created.json'), 'utf8'))
      : undefined
    const deleted = existsSync(path.join(folder, 'deleted'))
    await look({ code, ...to.written, results: path.join(results, RUN), deleted, created: kept })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function fakeCluster(folder: string): FakeCluster {
  const file = (name: string) => path.join(folder, name)
  // Whole at once: kubectl may read at any moment.
  const put = (name: string, text: string) => {
    writeFileSync(file(`${name}.part`), text)
    renameSync(file(`${name}.part`), file(name))
  }
  return {
    stage: (stage) => put('stage', stage),
    pods(states) {
      const items = Object.entries(states).map(([n, status]) => ({
        metadata: { name: podName(Number(n)) },
        status,
      }))
      put('pods.json', JSON.stringify({ items }))
    },
    log: (of, text) =>
      put(`${of === 'initializer' ? `${RUN}-initializer` : podName(of)}.log`, text),
    end: (pod, how = 'whole') => put(`${podName(pod)}.ended`, how),
    forget: () => rmSync(file('testrun.json'), { force: true }),
    refuse: (message) =>
      message === undefined ? rmSync(file('refuse'), { force: true }) : put('refuse', message),
    async until(what) {
      const name = what === 'created' ? 'testrun.json' : 'deleted'
      while (!existsSync(file(name))) await pause(20)
      if (what === 'created') put('created.json', readFileSync(file(name), 'utf8'))
    },
    async untilFollowed(pod) {
      while (!existsSync(file(`${podName(pod)}.followed`))) await pause(20)
    },
  }
}
