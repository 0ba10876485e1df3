import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, parseAllDocuments } from 'yaml'
import { manifestsOf, type K8sPlan } from '../../cli/k8s/index.ts'

export const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url))
export const CHART = path.join(DEPLOY, 'helm/k6-inference')

type Fields = Record<string, any>

export interface Release {
  name: string
  namespace: string
  values: Fields
}

/** Objects by kind and name, so that they can be compared whatever wrote them, in whatever order. */
export type Objects = Record<string, unknown>

/**
 * Takes objects as they are meant: the TestRun that a ConfigMap holds as an object, with the variables
 * that it takes from another ConfigMap, and variables by name.
 */
export function meant(objects: readonly Fields[]): Objects {
  const data = new Map(
    objects
      .filter(({ kind }) => kind === 'ConfigMap')
      .map(({ metadata, data: texts }) => [metadata.name as string, texts as Fields]),
  )
  const taken = new Set<string>()
  const whole = objects.map((object) => {
    const text = object['data']?.['testrun.yaml'] as string | undefined
    if (text === undefined) return object
    const run = parse(text, { version: '1.1' }) as Fields
    for (const pod of [run['spec'].initializer, run['spec'].runner] as Fields[]) {
      for (const { configMapRef } of pod['envFrom'] ?? []) {
        taken.add(configMapRef.name)
        const own = Object.entries(data.get(configMapRef.name)!)
        // The kubelet takes them as they are, and one `$` for two of `env`.
        pod['env'].push(
          ...own.map(([name, value]) => ({ name, value: value.replaceAll('$', '$$$$') })),
        )
      }
      delete pod['envFrom']
      pod['env'].sort((a: Fields, b: Fields) => (a['name'] < b['name'] ? -1 : 1))
    }
    // Created by a job in its own namespace, which need not be said.
    const { namespace: _, ...metadata } = run['metadata']
    return { ...object, data: { run: { ...run, metadata } } }
  })
  const kept = whole.filter(({ metadata }) => !taken.has(metadata.name))
  return Object.fromEntries(
    kept.map((object) => [`${object['kind']} ${object['metadata'].name}`, object]),
  )
}

/** What `k6-inference k8s` writes. */
export const written = (plan: K8sPlan): Objects =>
  meant(JSON.parse(JSON.stringify(manifestsOf(plan).test)) as Fields[])

/** Objects of a text, read as kubectl reads it. */
export function read(text: string): Fields[] {
  return parseAllDocuments(text, { version: '1.1' })
    .map((document) => document.toJS() as Fields | null)
    .filter((object) => object !== null)
}

/** Fills the chart. Undefined where there is neither `helm` nor Go, or Go cannot fetch two modules. */
export function rendered(releases: readonly Release[], helm?: string): string[] | undefined {
  if (helm !== undefined) return releases.map((release) => byHelm(helm, release))
  const { stdout, status } = spawnSync('go', ['run', '.', CHART], {
    cwd: fileURLToPath(new URL('render', import.meta.url)),
    input: JSON.stringify(releases),
    encoding: 'utf8',
    env: { ...process.env, CGO_ENABLED: '0', PATH: `${process.env['PATH']}:/usr/local/go/bin` },
    maxBuffer: 2 ** 26,
  })
  return status === 0 ? (JSON.parse(stdout) as string[]) : undefined
}

function byHelm(helm: string, { name, namespace, values }: Release): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-chart-'))
  try {
    const file = path.join(folder, 'values.json')
    writeFileSync(file, JSON.stringify(values))
    const own = ['-n', namespace, '-f', file, '--kube-version', '1.33.0']
    const ran = spawnSync(helm, ['template', name, CHART, ...own], { encoding: 'utf8' })
    return ran.status === 0 ? ran.stdout : `error: ${ran.stderr}`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
