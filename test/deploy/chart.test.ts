import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { K8sPlan } from '../../cli/k8s/index.ts'
import { planOf } from '../../scripts/deploy/examples.ts'
import { CHART, meant, read, rendered, written, type Release } from './rendered.ts'

type Fields = Record<string, any>
const chartFile = (name: string) => readFileSync(path.join(CHART, name), 'utf8')
const DEFAULTS = parse(chartFile('values.yaml')) as Fields
const accepts = new Ajv({ allErrors: true, strictTypes: false }).compile(
  JSON.parse(chartFile('values.schema.json')),
)

const COMMAND = [
  ...['chat-steady', '--name', 'nightly', '--namespace', 'load-tests', '--parallelism', '2'],
  ...['--image', 'registry.example.com/k6-inference:0.1.0', '--script', 'image'],
  ...['--collect', '--cli-image', 'registry.example.com/k6-inference-cli:0.1.0'],
  ...['-e', 'BASE_URL=http://vllm.inference:8000/v1', '-e', 'RATE=20', '-e', 'DURATION=10m'],
  ...['-e', 'EXPECTED_E2E=5s', '--memory', '1344Mi'],
  ...['--schedule', '0 2 * * *', '--time-zone', 'Etc/UTC'],
]

/** Options of the command and the values of the chart that mean the same, each beside {@link COMMAND}. */
const SAME: readonly [argv: string[], values: Fields][] = [
  [[], {}],
  [['--separate'], { separate: true }],
  [['--cpu', '500m'], { cpu: '500m' }],
  [['-e', 'MODEL=a$(B)"c\''], { variables: { MODEL: 'a$(B)"c\'' } }],
  [
    ['--key-secret', 'llm', '--secret-env', 'HEADERS=llm/headers'],
    {
      secrets: [
        { variable: 'API_KEY', secret: 'llm', key: 'api-key' },
        { variable: 'HEADERS', secret: 'llm', key: 'headers' },
      ],
    },
  ],
  [['--results-claim', 'k6-results'], { resultsClaim: 'k6-results' }],
  [
    ['--prometheus', 'http://prometheus:9090/api/v1/write'],
    { prometheusUrl: 'http://prometheus:9090/api/v1/write' },
  ],
  [
    [
      ...['--results-claim', 'r', '--gate', '/results/baseline'],
      ...['--tolerance', 'ttft_p95=10%', '--tolerance', 'tpot_p95=5%'],
    ],
    {
      resultsClaim: 'r',
      collect: { gate: '/results/baseline', tolerances: ['ttft_p95=10%', 'tpot_p95=5%'] },
    },
  ],
  [
    ['--push', 's3://bucket/runs', '--push-secret', 'keys'],
    { collect: { push: { url: 's3://bucket/runs', secret: 'keys' } } },
  ],
  [['--push-secret', 'keys'], { collect: { push: { secret: 'keys' } } }],
  [['--image-pull-secret', 'registry'], { imagePullSecrets: [{ name: 'registry' }] }],
  [['--image-pull-policy', 'Always'], { imagePullPolicy: 'Always' }],
  [['--starter-image', 'a/curl:8'], { starterImage: 'a/curl:8' }],
  [['--initializer-image', 'a/k6:1'], { initializerImage: 'a/k6:1' }],
  [['--node-selector', 'pool=load'], { nodeSelector: { pool: 'load' } }],
  [
    ['--toleration', 'a=b:NoSchedule'],
    { tolerations: [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoSchedule' }] },
  ],
  [
    ['--spread', 'topology.kubernetes.io/zone', '--spread', 'kubernetes.io/hostname'],
    { spread: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'] },
  ],
  [['--affinity', '{"podAffinity": {}}'], { affinity: { podAffinity: {} } }],
  [['--priority-class', 'low'], { priorityClassName: 'low' }],
  [['--service-account', 'load'], { serviceAccountName: 'load' }],
  [['--label', 'a/b=c'], { labels: { 'a/b': 'c' } }],
  [['--annotation', 'a/b=x y'], { annotations: { 'a/b': 'x y' } }],
  [['--user', '2000:3000'], { user: { uid: 2000, gid: 3000 } }],
  [['--user', 'none'], { anyUser: true }],
  [['--ca-bundle', 'configMap/ca/ca.crt'], { caBundle: { configMap: 'ca', key: 'ca.crt' } }],
]

/** Those that go with others, all at once: no form of a part may come into another's way. */
const ALONE = ['--separate', '--user none', '--push-secret keys']
const ALL = SAME.filter(([argv]) => !ALONE.includes(argv.join(' '))).reduce<[string[], Fields]>(
  ([all, own], [argv, values]) => [[...all, ...argv], mergedValues(own, values)],
  [[], {}],
)

const CASES: typeof SAME = [...SAME, ALL]

function mergedValues(a: Fields, b: Fields): Fields {
  const merged: Fields = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const both = isMap(a[key]) && isMap(value)
    merged[key] = both ? mergedValues(a[key], value) : value
  }
  return merged
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const planWith = (argv: readonly string[]): K8sPlan => planOf([...COMMAND, ...argv]).plan
const releases = CASES.map(([, values]): Release => ({
  name: 'nightly',
  namespace: 'load-tests',
  values: mergedValues(DEFAULTS, values),
}))

const helm =
  process.env['HELM'] ?? (spawnSync('helm', ['version']).status === 0 ? 'helm' : undefined)

// HELM=/path/to/helm renders with Helm itself.
const texts = rendered(releases, helm)
describe.skipIf(texts === undefined)('the chart (needs Go, or helm)', () => {
  test.each(CASES.map(([argv], i) => [argv.join(' ') || 'no option', i] as const))(
    '%s: what k8s writes',
    (_, i) => {
      const text = texts![i]!
      expect(text).not.toMatch(/^error/)
      expect(meant(read(text))).toEqual(written(planWith(CASES[i]![0])))
    },
  )
})

test('every value is in the schema and in a template, and in a case above', () => {
  expect(accepts(DEFAULTS), JSON.stringify(accepts.errors)).toBe(true)
  const schema = JSON.parse(chartFile('values.schema.json')) as Fields
  const names = Object.keys(DEFAULTS)
  expect(names.toSorted()).toEqual(
    Object.keys(schema['properties'])
      .filter((name) => name !== 'global')
      .toSorted(),
  )
  const templates = chartFile('templates/_testrun.tpl') + chartFile('templates/schedule.yaml')
  for (const name of names) expect(templates).toContain(`$.Values.${name}`)
  const used = [...templates.matchAll(/\$\.Values\.(\w+)/g)].map(([, name]) => name!)
  expect([...new Set(used)].toSorted()).toEqual(names.toSorted())
  // Those of COMMAND itself aside.
  const inCommand = ['scenario', 'schedule', 'timeZone', 'image', 'parallelism', 'memory']
  const inCases = CASES.flatMap(([, values]) => Object.keys(values))
  expect(names.filter((name) => !inCases.includes(name))).toEqual(inCommand)
})

test.each(releases.map(({ values }) => values))('the schema takes %j', (values) => {
  expect(accepts(values), JSON.stringify(accepts.errors)).toBe(true)
})

test.each<[Fields, string]>([
  [{ variables: { RATE: 20 } }, 'a number would become 2e+06'],
  [{ variables: { API_KEY: 'hush' } }, 'a key belongs into a Secret'],
  [{ prometheusUrl: 'http://u:hush@host' }, 'a password would stand in the manifest'],
  [{ memory: '1 GB' }, 'no quantity'],
  [{ user: { uid: 0, gid: 0 } }, 'root'],
  [{ separate: true, affinity: { podAffinity: {} } }, 'the operator keeps only the former'],
  [{ anyUser: true, user: { uid: 1000, gid: 1000 } }, 'two users'],
  [{ collect: { gate: '/results/baseline' } }, 'no volume holds the baseline'],
  [{ collect: { push: { url: 's3://bucket' } } }, 'no keys for the bucket'],
  [{ paralellism: 3 }, 'a name that is not there'],
])('the schema refuses %j: %s', (values) => {
  expect(accepts(mergedValues(DEFAULTS, values))).toBe(false)
})
