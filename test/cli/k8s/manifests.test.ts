import { beforeAll, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import {
  manifestsOf as bothOf,
  toYaml,
  type K8sPlan,
  type Manifest,
} from '../../../cli/k8s/index.ts'
import { parseRunOptions, type RunOptions } from '../../../cli/k8s/run/options.ts'
import { COLLECTED, PLANS, planWith, SCHEDULE } from './plans.ts'
import { coreProblem, CRD_FILE, testRunValidator } from './schemas.ts'

const manifestsOf = (plan: K8sPlan) => {
  const { script, test: own } = bothOf(plan)
  return [...script, ...own]
}
const cases = Object.entries(PLANS)
const kinds = (manifests: Manifest[]) => manifests.map(({ kind }) => kind)
const only = (manifests: Manifest[], kind: string) => {
  const found = manifests.filter((manifest) => manifest.kind === kind)
  expect(found).toHaveLength(1)
  return found[0]!
}

/** The TestRun of a plan, also where it lies in the ConfigMap of a schedule. */
function testRunOf(manifests: Manifest[]): any {
  const direct = manifests.find(({ kind }) => kind === 'TestRun')
  if (direct) return direct
  const holder = manifests.find((m) => (m['data'] as Record<string, string>)?.['testrun.yaml'])
  return parse((holder!['data'] as Record<string, string>)['testrun.yaml']!)
}

test.each(cases)('%s: every core object is valid by Kubernetes’ own schema', (_, plan) => {
  const core = manifestsOf(plan).filter(({ kind }) => kind !== 'TestRun')
  expect(core.map(coreProblem).filter((problem) => problem !== undefined)).toEqual([])
})

test.each(cases)('%s: what is written as YAML is read back as it was', (_, plan) => {
  const manifests = manifestsOf(plan)
  // By YAML 1.1, as kubectl does, and by 1.2.
  for (const version of ['1.1', '1.2'] as const) {
    const read = parseAllDocuments(toYaml(manifests), { version }).map(
      (doc) => doc.toJS() as unknown,
    )
    expect(read).toEqual(JSON.parse(JSON.stringify(manifests)))
  }
})

describe.skipIf(CRD_FILE === undefined)('by the operator’s CRD (shared/data/kubernetes)', () => {
  // Compiling it takes seconds.
  let validate: ReturnType<typeof testRunValidator>
  beforeAll(() => void (validate = testRunValidator(CRD_FILE!)), 30_000)

  test.each(cases)('%s: the TestRun is valid and has no field that the CRD lacks', (_, plan) => {
    validate(testRunOf(manifestsOf(plan)))
    expect(validate.errors ?? []).toEqual([])
  })

  test('a field that the CRD lacks, and one of the wrong type, are found', () => {
    const run = testRunOf(manifestsOf(planWith()))
    run.spec.runner.imagePullPolice = 'Always'
    run.spec.parallelism = '3'
    validate(run)
    const found = (validate.errors ?? []).map(({ keyword, instancePath }) => [
      keyword,
      instancePath,
    ])
    expect(found).toContainEqual(['additionalProperties', '/spec/runner'])
    expect(found).toContainEqual(['type', '/spec/parallelism'])
  })
})

test.each(['on', 'yes', 'NO', '1e3', '0x10', 'null', '~', '2026-03-01', '1:30', ' a ', '*'])(
  'a variable that is %j stays a text',
  (value) => {
    const plan = planWith({ variables: { VALUE: value }, schedule: SCHEDULE })
    const docs = parseAllDocuments(toYaml(manifestsOf(plan)), { version: '1.1' })
    const holder = docs.map((doc) => doc.toJS()).find(({ data }) => data?.['testrun.yaml'])
    const { env } = parse(holder.data['testrun.yaml'], { version: '1.1' }).spec.runner
    expect(env).toContainEqual({ name: 'VALUE', value })
  },
)

test('no value of a secret can be in a manifest, and the initializer gets no reference either', () => {
  const run = testRunOf(manifestsOf(planWith()))
  const names = (env: { name: string }[]) => env.map(({ name }) => name)
  expect(run.spec.runner.env).toContainEqual({
    name: 'API_KEY',
    valueFrom: { secretKeyRef: { name: 'llm', key: 'api-key' } },
  })
  expect(names(run.spec.initializer.env)).not.toContain('API_KEY')
})

test('initializer and runners get the same settings and the same image', () => {
  const { initializer, runner } = testRunOf(manifestsOf(PLANS['whole']!)).spec
  expect(initializer.image).toBe(runner.image)
  for (const setting of [
    { name: 'RATE', value: '4' },
    { name: 'BASE_URL', value: 'http://llm:8000/v1' },
  ]) {
    expect(initializer.env).toContainEqual(setting)
    expect(runner.env).toContainEqual(setting)
  }
})

test('arguments hold only what `k6 archive` takes too, and only variables that both pods have', () => {
  const { spec } = testRunOf(manifestsOf(PLANS['whole']!))
  // The operator itself leaves `-o` out of the initializer's command.
  expect(spec.arguments).toBe(
    '--tag testid=$(TESTID) --log-format raw --console-output $(RESULTS)/records.jsonl -o experimental-prometheus-rw',
  )
  for (const [, name] of spec.arguments.matchAll(/\$\((\w+)\)/g)) {
    for (const pod of [spec.initializer, spec.runner]) {
      expect(pod.env.map((entry: { name: string }) => entry.name)).toContain(name)
    }
  }
})

/** What the kubelet makes of a value: `$(NAME)` is replaced, `$$` is one `$` (its expansion.go). */
function expanded(value: string): string {
  return value.replace(/\$(\$|\([^)]*\))/g, (_, what: string) =>
    what === '$' ? '$' : '<replaced>',
  )
}

test.each(['a$(HOME)b$c$$(X)', '$', '$$', '$$$(A)', '${A}', 'a$', '100$', '$(A', '$$a'])(
  'the value %j reaches the pod as it is',
  (value) => {
    const { env } = testRunOf(manifestsOf(planWith({ variables: { MODEL: value } }))).spec.runner
    const written = env.find(({ name }: { name: string }) => name === 'MODEL').value as string
    expect(expanded(written)).toBe(value)
  },
)

test('each pod makes a folder of its own on the results volume, as its own user', () => {
  const { runner, initializer } = testRunOf(manifestsOf(PLANS['whole']!)).spec
  const folder = '/results/$(TESTID)/$(POD_NAME)'
  const mount = { name: 'results', mountPath: '/results' }
  // k6 archive opens the console's file too.
  expect(initializer.volumeMounts).toEqual([mount])
  expect(initializer.volumes).toEqual([{ name: 'results', emptyDir: {} }])
  expect(initializer.env).toContainEqual({ name: 'RESULTS', value: '/results' })
  expect(runner.volumeMounts).toEqual([mount])
  expect(runner.volumes).toEqual([
    { name: 'results', persistentVolumeClaim: { claimName: 'results' } },
  ])
  const [maker, ...more] = runner.initContainers
  expect(more).toEqual([])
  expect(maker).toMatchObject({ command: ['mkdir', '-p', '$(RESULTS)'], volumeMounts: [mount] })
  for (const { env } of [maker, runner]) {
    const names = env.map(({ name }: { name: string }) => name)
    expect(env).toContainEqual({ name: 'RESULTS', value: folder })
    // A value may only refer to variables that stand before it.
    for (const [, name] of folder.matchAll(/\$\((\w+)\)/g))
      expect(names.indexOf(name)).toBeLessThan(names.indexOf('RESULTS'))
  }
})

test('each run has a name of its own, which all its pods get as RUN_ID', () => {
  const run = testRunOf(manifestsOf(planWith()))
  expect(run.metadata).toMatchObject({ generateName: 'chat-spike-', namespace: 'load' })
  expect(run.metadata).not.toHaveProperty('name')
  const fieldRef = { fieldPath: "metadata.labels['k6_cr']" }
  for (const pod of [run.spec.runner, run.spec.initializer]) {
    expect(pod.env).toContainEqual({ name: 'RUN_ID', valueFrom: { fieldRef } })
  }
})

test('a schedule creates TestRuns and may do nothing else', () => {
  const manifests = manifestsOf(planWith({ schedule: SCHEDULE }))
  expect(kinds(manifests)).not.toContain('TestRun')
  expect(testRunOf(manifests).metadata).toMatchObject({ generateName: 'chat-spike-' })
  expect(only(manifests, 'Role')['rules']).toEqual([
    { apiGroups: ['k6.io'], resources: ['testruns'], verbs: ['create'] },
  ])
  const binding: any = only(manifests, 'RoleBinding')
  const account = only(manifests, 'ServiceAccount').metadata.name
  expect(binding.subjects).toEqual([{ kind: 'ServiceAccount', name: account, namespace: 'load' }])
  const job: any = only(manifests, 'CronJob')
  expect(job.spec).toMatchObject({
    schedule: '0 2 * * *',
    timeZone: 'Europe/Berlin',
    concurrencyPolicy: 'Forbid',
  })
  expect(job.spec.jobTemplate.spec.template.spec.serviceAccountName).toBe(account)
})

test('a schedule that collects runs `k8s run`, which may do what it needs and nothing else', () => {
  const manifests = manifestsOf(PLANS['schedule that collects']!)
  expect(only(manifests, 'Role')['rules']).toEqual([
    { apiGroups: ['k6.io'], resources: ['testruns'], verbs: ['create', 'get', 'delete'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
    { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
    { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get'] },
  ])
  const job: any = only(manifests, 'CronJob')
  const { spec } = job.spec.jobTemplate.spec.template
  const [{ image, args, envFrom, volumeMounts }] = spec.containers
  expect(image).toBe(COLLECTED.collect.image)
  expect(args.slice(0, 2)).toEqual(['k8s', 'run'])
  // The command takes what the Job gives it: its arguments, and what the Secret holds.
  expect(envFrom).toEqual([{ secretRef: { name: 'bucket' } }])
  const env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'hush' }
  expect(parseRunOptions(args.slice(2), env)).toMatchObject({
    push: { s3: { region: 'us-east-1' } },
    file: '/testrun/testrun.yaml',
    results: '/results',
    out: '/results/reports',
    gate: '/results/baseline',
    tolerances: ['ttft_p95=10%'],
  })
  expect(volumeMounts).toContainEqual({ name: 'out', mountPath: '/results' })
  const { limitMs, startMs } = parseRunOptions(args.slice(2), env) as RunOptions
  expect(job.spec.jobTemplate.spec.activeDeadlineSeconds * 1000).toBeGreaterThan(limitMs + startMs)
})

test('a claim that is there is neither made anew nor filled', () => {
  expect(kinds(manifestsOf(PLANS['claim']!))).toEqual(['PersistentVolumeClaim', 'Pod', 'TestRun'])
  expect(kinds(manifestsOf(PLANS['claim that is there']!))).toEqual(['TestRun'])
})
