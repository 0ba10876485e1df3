import { expect, test } from 'vitest'
import { chooseRoute, CONFIG_MAP_BYTES, readOptions, vuProblems } from '../../../cli/k8s/index.ts'

const file = (bytes: number, name = 'a.js') => ({ name, bytes, text: undefined })
const route = (change: object) =>
  chooseRoute({ asked: undefined, name: 't', claim: undefined, files: [file(1000)], ...change })

test.each([
  ['small', {}, { route: 'configMap', name: 't-script', file: 'a.js' }],
  ['the most a ConfigMap holds', { files: [file(CONFIG_MAP_BYTES - 4)] }, { route: 'configMap' }],
  [
    'a byte more',
    { files: [file(CONFIG_MAP_BYTES - 3)] },
    { route: 'image', path: '/k6/dist/a.js' },
  ],
  ['large data', { files: [file(9), file(2 ** 21, 'd.csv')] }, { route: 'claim', create: true }],
  ['a claim', { claim: 'c' }, { route: 'claim', name: 'c', create: false }],
  ['image asked for', { asked: 'image' }, { route: 'image' }],
])('%s', (_, change, expected) => {
  expect(route(change)).toMatchObject(expected)
})

test.each([
  [
    'a ConfigMap for too much',
    { asked: 'configMap', files: [file(2 ** 21)] },
    /2049 KiB.*1024 KiB/,
  ],
  ['the image for data', { asked: 'image', files: [file(9), file(9, 'd.csv')] }, /--script claim/],
])('%s is refused with words', (_, change, words) => {
  expect(route(change)).toEqual({ problem: expect.stringMatching(words) as string })
})

const ok = ['chat-spike', '--parallelism', '3']
test('the least command line is enough', () => {
  const read = readOptions(ok)
  expect(read).toMatchObject({
    ok: true,
    options: {
      name: 'chat-spike',
      parallelism: 3,
      variables: { RESULTS: 'none', RECORDS: 'on' },
      secrets: [],
    },
  })
})

const collected = [...ok, '--schedule', '@daily', '--namespace', 'a', '--collect']
test.each([
  [['--parallelism', '3'], /SCENARIO/],
  [['chat-spike'], /--parallelism \(not given\): a whole number/],
  [[...ok, '--parallelism', '0'], /--parallelism 0/],
  [[...ok, '--name', 'Chat_Spike'], /--name Chat_Spike/],
  [[...ok, '--name', 'x'.repeat(41)], /at most 40/],
  [[...ok, '--memory', '1 GB'], /--memory 1 GB: a quantity/],
  [[...ok, '--script', 'volume'], /--script volume: one of configMap, claim, image/],
  [[...ok, '--schedule', 'every night', '--namespace', 'a'], /--schedule every night: five fields/],
  [[...ok, '--schedule', '0 2 * * *'], /--namespace/],
  [[...ok, '--time-zone', 'UTC'], /--time-zone goes with --schedule/],
  [[...ok, '--prometheus', 'prom:9090'], /--prometheus prom:9090/],
  [[...ok, '-e', 'RATE'], /-e RATE: accepted: NAME=VALUE/],
  [[...ok, '--secret-env', 'HEADERS=llm'], /VARIABLE=NAME\/KEY/],
  [[...ok, '--results-claim', 'r', '-e', 'RESULTS=out'], /RESULTS/],
  [[...ok, '-e', 'RUN_ID=mine'], /RUN_ID/],
  [[...ok, '--kustomize', '--out', 'a'], /--kustomize goes with --schedule and --out/],
  [[...ok, '--collect'], /--collect goes with --schedule/],
  [[...ok, '--gate', 'x'], /--gate and --tolerance go with --collect/],
  [
    [...ok, '--schedule', '@daily', '--namespace', 'a', '--collect', '--cleanup'],
    /deletes the run itself/,
  ],
  [[...ok, '--push', 'https://host/runs'], /--push and --push-secret go with --collect/],
  [[...collected, '--push', 'ftp://host'], /--push ftp:\/\/host: accepted: s3:/],
  [[...collected, '--push', 's3://bucket'], /needs --push-secret with AWS_ACCESS_KEY_ID/],
  [[...collected, '--push', 'https://host/?sig=hush'], /sig=\*\*\*: .*as PUSH_URL/],
  [[...collected, '--gate', '/results/baseline'], /accepted: a path below \/results with/],
  [[...ok, '--wat'], /--wat/],
])('%j is refused', (argv, words) => {
  const read = readOptions(argv)
  expect(read.ok).toBe(false)
  expect(read.ok ? [] : read.problems).toEqual([expect.stringMatching(words)])
})

test.each(['API_KEY', 'HEADERS', 'K6_CLOUD_TOKEN', 'K6_PROMETHEUS_RW_PASSWORD'])(
  'a secret in -e %s is refused, and its value not repeated',
  (name) => {
    const read = readOptions([...ok, '-e', `${name}=hush-hush`])
    expect(read.ok).toBe(false)
    expect(JSON.stringify(read)).toContain(name)
    expect(JSON.stringify(read)).not.toContain('hush')
  },
)

test('pods that share a load begin together, also on a schedule', () => {
  const startAt = (argv: string[]) => {
    const read = readOptions(argv)
    return read.ok ? read.options.variables['START_AT'] : read.problems.join()
  }
  expect(startAt(ok)).toBe('next:1m')
  expect(startAt([...ok, '-e', 'CALIBRATION=off'])).toBe('next:30s')
  expect(startAt(['chat-spike', '--parallelism', '1'])).toBeUndefined()
  expect(startAt([...ok, '-e', 'START_AT=next:2m'])).toBe('next:2m')
  const moment = [...ok, '-e', 'START_AT=2026-03-01T02:00:00Z', '--namespace', 'a']
  expect(startAt(moment)).toBe('2026-03-01T02:00:00Z')
  expect(startAt([...moment, '--schedule', '0 2 * * *'])).toMatch(/past in the next run/)
})

test.each([
  [
    'BASE_URL=http://user:hush@host:8000/v1',
    /^-e BASE_URL=http:\/\/\*\*\*@host:8000\/v1: .*--key-secret/,
  ],
  ['METRICS_URL=http://host/metrics?token=hush', /token=\*\*\*: .*HEADERS by --secret-env/],
  [
    'K6_PROMETHEUS_RW_SERVER_URL=https://u:hush@prom/w',
    /--secret-env K6_PROMETHEUS_RW_SERVER_URL=/,
  ],
  ['K6_PROMETHEUS_RW_HTTP_HEADERS=x:hush', /--secret-env/],
])('-e %s: an address with a secret is refused, and the secret not repeated', (pair, words) => {
  const read = readOptions([...ok, '-e', pair])
  expect(read.ok ? [] : read.problems).toEqual([expect.stringMatching(words)])
  expect(JSON.stringify(read)).not.toContain('hush')
})

test.each(['http://u:hush@prom:9090/api/v1/write', 'http://prom:9090/api/v1/write?key=hush'])(
  '--prometheus %s is refused, and the secret not repeated',
  (url) => {
    const read = readOptions([...ok, '--prometheus', url])
    expect(read.ok ? [] : read.problems).toEqual([expect.stringMatching(/RW_PASSWORD=NAME\/KEY/)])
    expect(JSON.stringify(read)).not.toContain('hush')
  },
)

test('a baseline may lie on a volume of the user’s own', () => {
  const gate = ['--gate', '/baseline/run', '--mount', 'configMap/baseline:/baseline']
  expect(readOptions([...collected, ...gate]).ok).toBe(true)
})

test('several problems are told at once', () => {
  const read = readOptions(['chat-spike', '--cpu', 'many', '--memory', 'much'])
  expect(read.ok ? 0 : read.problems.length).toBe(3)
})

const arrival = (maxVUs: number) => ({ executor: 'constant-arrival-rate', maxVUs })
const monitor = { executor: 'constant-vus', vus: 1 }
test.each([
  ['enough', { maxVUs: 13, scenarios: { a: arrival(6), b: arrival(6), monitor } }, 3, undefined],
  [
    'more pods than VUs',
    { maxVUs: 4, scenarios: { a: arrival(3), monitor } },
    5,
    /has at most 4 VUs/,
  ],
  [
    'a phase with too few',
    { maxVUs: 9, scenarios: { a: arrival(6), b: arrival(2) } },
    3,
    /scenario b/,
  ],
  [
    'closed loop',
    { maxVUs: 9, scenarios: { load: { executor: 'constant-vus', vus: 2 } } },
    3,
    /load/,
  ],
  [
    'closed loop that grows',
    {
      maxVUs: 9,
      scenarios: { load: { executor: 'ramping-vus', startVUs: 1, stages: [{ target: 8 }] } },
    },
    3,
    undefined,
  ],
])('VUs over pods: %s', (_, requirements, pods, words) => {
  const problems = vuProblems(requirements, pods)
  expect(problems).toEqual(words === undefined ? [] : [expect.stringMatching(words)])
})
