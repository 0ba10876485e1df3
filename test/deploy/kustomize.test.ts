import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { K8sPlan } from '../../cli/k8s/index.ts'
import { examples, planOf } from '../../scripts/deploy/examples.ts'
import { DEPLOY, meant, read, written } from './rendered.ts'

const kustomize = (folder: string) =>
  spawnSync('kubectl', ['kustomize', path.join(DEPLOY, 'kustomize', folder)], { encoding: 'utf8' })

const nightly = examples().find(({ file }) => file === 'nightly.yaml')!

/** The example's command line with more options; the last of each counts. */
function planWith(more: readonly string[]): K8sPlan {
  const words = nightly.text.split('\n')[0]!.replace('# k6-inference k8s ', '')
  const argv = [...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!)
  return planOf([...argv, ...more]).plan
}

/** Each overlay, and the options with which `k6-inference k8s` writes the same. */
const OVERLAYS: readonly [folder: string, more: string[]][] = [
  ['base', []],
  [
    'overlays/staging',
    [
      ...['--namespace', 'load-tests-staging', '--schedule', '0 5 * * 1-5'],
      ...['-e', 'BASE_URL=http://vllm.staging:8000/v1', '-e', 'RATE=4', '-e', 'DURATION=5m'],
    ],
  ],
  [
    'overlays/production',
    [
      ...['--gate', '/results/baseline', '--tolerance', 'ttft_p95=10%'],
      ...['--push', 's3://llm-load-tests/nightly', '--push-secret', 'load-tests-bucket'],
    ],
  ],
]

describe.skipIf(kustomize('base').error !== undefined)('needs kubectl', () => {
  test.each(OVERLAYS)('kustomize/%s renders what k8s writes', (folder, more) => {
    const { stdout, stderr } = kustomize(folder)
    expect(stderr).toBe('')
    expect(meant(read(stdout))).toEqual(written(planWith(more)))
  })
})
