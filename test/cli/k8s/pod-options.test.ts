import { describe, expect, test } from 'vitest'
import { manifestsOf, readOptions } from '../../../cli/k8s/index.ts'
import { POD_OPTIONS } from '../../../cli/k8s/pod-options.ts'
import { ALL_POD_OPTIONS, planWith, podSettings, SCHEDULE } from './plans.ts'

type Fields = Record<string, any>
const specOf = (argv: readonly string[], resultsClaim?: string): Fields => {
  const { test: objects } = manifestsOf(planWith({ pods: podSettings(argv), resultsClaim }))
  return objects[0]!['spec'] as Fields
}

/** What each option sets, and in which of a TestRun's pods. */
const EFFECTS: readonly [option: keyof typeof POD_OPTIONS, value: string, of: string[], Fields][] =
  [
    ['image-pull-secret', 'registry', ALL(), { imagePullSecrets: [{ name: 'registry' }] }],
    ['image-pull-policy', 'Always', ALL(), { imagePullPolicy: 'Always' }],
    ['starter-image', 'a/curl:8', ['starter'], { image: 'a/curl:8' }],
    ['initializer-image', 'a/k6:1', ['initializer'], { image: 'a/k6:1' }],
    ['node-selector', 'pool=load', ALL(), { nodeSelector: { pool: 'load' } }],
    [
      'toleration',
      'a=b:NoSchedule',
      ALL(),
      { tolerations: [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoSchedule' }] },
    ],
    [
      'toleration',
      'a:NoExecute',
      ALL(),
      { tolerations: [{ operator: 'Exists', effect: 'NoExecute' }] },
    ],
    ['toleration', 'nvidia.com/gpu', ALL(), { tolerations: [{ key: 'nvidia.com/gpu' }] }],
    [
      'spread',
      'topology.kubernetes.io/zone',
      ['runner'],
      {
        topologySpreadConstraints: [
          { topologyKey: 'topology.kubernetes.io/zone', matchLabelKeys: ['k6_cr'] },
        ],
      },
    ],
    ['affinity', '{"podAffinity": {}}', ALL(), { affinity: { podAffinity: {} } }],
    ['priority-class', 'low', ALL(), { priorityClassName: 'low' }],
    ['service-account', 'load', ALL(), { serviceAccountName: 'load' }],
    [
      'label',
      'sidecar.istio.io/inject=false',
      ALL(),
      { metadata: { labels: { 'sidecar.istio.io/inject': 'false' } } },
    ],
    ['annotation', 'a/b=x y=z', ALL(), { metadata: { annotations: { 'a/b': 'x y=z' } } }],
    [
      'user',
      '2000:0',
      ALL(),
      { securityContext: { runAsUser: 2000, runAsGroup: 0, fsGroup: 0, runAsNonRoot: true } },
    ],
    [
      'mount',
      'configMap/prompts:/data',
      ['runner', 'initializer'],
      {
        volumes: [{ name: 'mount-1', configMap: { name: 'prompts' } }],
        volumeMounts: [{ name: 'mount-1', mountPath: '/data', readOnly: true }],
      },
    ],
    [
      'mount',
      'secret/tls:/tls',
      ['runner'],
      { volumes: [{ name: 'mount-1', secret: { secretName: 'tls' } }] },
    ],
    [
      'ca-bundle',
      'configMap/ca/ca.crt',
      ['runner'],
      {
        volumes: [{ configMap: { name: 'ca' } }],
        volumeMounts: [{ mountPath: '/etc/k6-inference/ca' }],
      },
    ],
  ]

function ALL(): string[] {
  return ['runner', 'initializer', 'starter']
}

describe('--option value, and the fields that it sets', () => {
  test('every option is in the table', () => {
    expect([...new Set(EFFECTS.map(([option]) => option))].sort()).toEqual(
      Object.keys(POD_OPTIONS).sort(),
    )
    for (const option of Object.keys(POD_OPTIONS)) expect(ALL_POD_OPTIONS).toContain(`--${option}`)
  })

  test.each(EFFECTS)('--%s %s', (option, value, of, fields) => {
    const spec = specOf([`--${option}`, value])
    const without = specOf([])
    for (const pod of ALL()) {
      if (of.includes(pod)) expect(spec[pod]).toMatchObject(fields)
      else expect(spec[pod]).toEqual(without[pod])
    }
  })
})

test('--user none leaves user and group to the cluster, in every pod', () => {
  const { runner, initializer, starter } = specOf(['--user', 'none'])
  const left = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } }
  for (const pod of [runner, initializer, starter]) expect(pod.securityContext).toEqual(left)
})

test('certificates are trusted by k6', () => {
  const { runner } = specOf(['--ca-bundle', 'secret/ca/tls.crt'])
  const value = '/etc/k6-inference/ca/tls.crt'
  expect(runner.env).toContainEqual({ name: 'SSL_CERT_FILE', value })
})

test('volumes of the user and of the results stand beside each other', () => {
  const { runner } = specOf(['--mount', 'emptyDir:/scratch'], 'results')
  expect(runner.volumes.map(({ name }: Fields) => name)).toEqual(['results', 'mount-1'])
  expect(runner.volumeMounts[1]).toEqual({ name: 'mount-1', mountPath: '/scratch' })
})

test('pods that no TestRun makes are placed alike: the loader of files, the scheduled starter', () => {
  const pods = podSettings(ALL_POD_OPTIONS)
  const script = { route: 'claim', name: 'f', file: 'a.js', create: true, why: 'large' } as const
  const made = manifestsOf(planWith({ pods, script, schedule: SCHEDULE }))
  const loader = made.script.find(({ kind }) => kind === 'Pod') as Fields
  const cron = made.test.find(({ kind }) => kind === 'CronJob') as Fields
  for (const pod of [loader, cron['spec'].jobTemplate.spec.template]) {
    expect(pod.metadata.labels).toMatchObject(pods.labels)
    expect(pod.spec).toMatchObject({
      imagePullSecrets: [{ name: 'registry' }],
      nodeSelector: pods.nodeSelector,
      tolerations: pods.tolerations,
      affinity: pods.affinity,
      priorityClassName: 'low',
      securityContext: { runAsUser: 2000 },
    })
    expect(pod.spec.containers[0].imagePullPolicy).toBe('Always')
  }
})

test('a client that is busy for minutes is not killed by its probe', () => {
  const { periodSeconds, timeoutSeconds, failureThreshold } = specOf([])['runner'].livenessProbe
  expect(timeoutSeconds).toBeGreaterThanOrEqual(10)
  expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(300)
})

test.each([
  ['--image-pull-policy', 'always'],
  ['--starter-image', 'a b'],
  ['--node-selector', 'pool'],
  ['--toleration', 'a=b:Never'],
  ['--spread', 'a b'],
  ['--affinity', 'nodeSelector: {}'],
  ['--affinity', '{'],
  ['--affinity', '[]'],
  ['--label', 'app=mine'],
  ['--label', `a=${'x'.repeat(64)}`],
  ['--annotation', 'a'],
  ['--user', '0'],
  ['--user', 'root'],
  ['--mount', 'hostPath/etc:/etc'],
  ['--mount', 'configMap/a:relative'],
  ['--mount', 'configMap/a:/results/b'],
  ['--mount', 'configMap/a:/data/../etc'],
  ['--ca-bundle', 'configMap/ca'],
])('%s %s is refused with what is accepted', (option, value) => {
  const read = readOptions(['chat-spike', '--parallelism', '3', option, value])
  expect(read.ok ? [] : read.problems).toEqual([
    expect.stringMatching(new RegExp(`^${option} .*: accepted: .`)),
  ])
})

test.each([
  [['--user', '1', '--user', '2'], /--user: given 2 times/],
  [['--separate', '--affinity', '{podAffinity: {}}'], /--separate and --affinity/],
  [['--mount', 'emptyDir:/a', '--mount', 'configMap/b:/a'], /each PATH once/],
])('%j is refused', (argv, words) => {
  const read = readOptions(['chat-spike', '--parallelism', '3', ...argv])
  expect(read.ok ? [] : read.problems).toEqual([expect.stringMatching(words)])
})
