import { parseArgs } from '../arguments.ts'
import { maskUrl } from '../../lib/safe-text/index.ts'
import { DEFAULT_CLI_IMAGE, DEFAULT_IMAGE, DEFAULT_KUBECTL_IMAGE } from './help.ts'
import { POD_ARGS, readPodOptions } from './pod-options.ts'
import type { PodSettings, Push, ScriptRoute, SecretRef, Schedule } from './types.ts'
import { RESULTS_FOLDER } from './test-run.ts'
import { readSecrets, readVariables } from './variables.ts'

export interface K8sOptions {
  scenario: string
  name: string
  namespace: string | undefined
  image: string
  parallelism: number
  separate: boolean
  cleanup: boolean
  variables: Record<string, string>
  secrets: SecretRef[]
  files: string[]
  script: ScriptRoute['route'] | undefined
  claim: string | undefined
  cpu: string
  /** Undefined: what the load needs. */
  memory: string | undefined
  pods: PodSettings
  prometheus: string | undefined
  resultsClaim: string | undefined
  schedule: Schedule | undefined
  kustomize: boolean
  out: string | undefined
  inspect: boolean
}

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const many = { type: 'string', multiple: true } as const

/** The operator puts object names into job and host names, which hold at most 63 characters. */
const LONGEST_NAME = 40
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const QUANTITY = /^[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/
const CRON =
  /^(@(hourly|daily|midnight|weekly|monthly|yearly|annually)|[\d*/,\-A-Za-z?]+( [\d*/,\-A-Za-z?]+){4})$/
const ROUTES = ['configMap', 'claim', 'image'] as const

/**
 * Reads the command line of `k6-inference k8s`.
 *
 * @returns the options, `help`, or every problem at once
 */
export function readOptions(
  argv: readonly string[],
): { ok: true; options: K8sOptions } | { ok: false; help: boolean; problems: string[] } {
  let given
  try {
    given = parse(argv)
  } catch (error) {
    return { ok: false, help: false, problems: [(error as Error).message] }
  }
  const { values: v, positionals } = given
  if (v.help) return { ok: false, help: true, problems: [] }
  const problems: string[] = []
  const say = (problem: string) => problems.push(problem)
  const scenario = positionals[0] ?? ''
  if (positionals.length !== 1) say(`exactly one SCENARIO is needed, ${positionals.length} given`)
  const name = v.name ?? scenario.replace(/^.*\//, '').replace(/\.js$/, '')
  if (scenario !== '' && (!LABEL.test(name) || name.length > LONGEST_NAME)) {
    say(`--name ${name}: lower-case letters, digits and -, at most ${LONGEST_NAME} characters`)
  }
  for (const [option, value] of [
    ['namespace', v.namespace],
    ['claim', v.claim],
    ['results-claim', v['results-claim']],
    ['push-secret', v['push-secret']],
  ] as const) {
    if (value !== undefined && !LABEL.test(value)) {
      say(`--${option} ${value}: lower-case letters, digits and -`)
    }
  }
  const parallelism = Number(v.parallelism)
  if (!Number.isInteger(parallelism) || parallelism < 1 || parallelism > 1000) {
    say(`--parallelism ${v.parallelism ?? '(not given)'}: a whole number from 1 to 1000`)
  }
  for (const [option, value] of [
    ['cpu', v.cpu],
    ['memory', v.memory],
  ] as const) {
    if (value !== undefined && !QUANTITY.test(value))
      say(`--${option} ${value}: a quantity such as 500m, 2, 512Mi`)
  }
  const script = ROUTES.find((route) => route === v.script)
  if (v.script !== undefined && script === undefined) {
    say(`--script ${v.script}: one of ${ROUTES.join(', ')}`)
  }
  if (v.claim !== undefined && script !== undefined && script !== 'claim') {
    say(`--claim goes with --script claim, not ${script}`)
  }
  if (v.prometheus !== undefined) {
    const shown = maskUrl(v.prometheus)
    if (!/^https?:\/\/\S+$/.test(v.prometheus)) {
      say(`--prometheus ${shown}: an http:// or https:// address`)
    } else if (shown !== v.prometheus) {
      say(
        `--prometheus ${shown}: a secret in the address would stand in the manifest; give it as --secret-env K6_PROMETHEUS_RW_USERNAME=NAME/KEY and --secret-env K6_PROMETHEUS_RW_PASSWORD=NAME/KEY, or K6_PROMETHEUS_RW_BEARER_TOKEN`,
      )
    }
  }
  if (v.schedule !== undefined && !CRON.test(v.schedule)) {
    say(`--schedule ${v.schedule}: five fields of cron, e.g. "0 2 * * *"`)
  }
  if (v.schedule !== undefined && v.namespace === undefined && CRON.test(v.schedule)) {
    say('--schedule needs --namespace: the role binding of its service account must name one')
  }
  if (v.schedule === undefined && v['time-zone'] !== undefined) {
    say('--time-zone goes with --schedule')
  }
  if (v.kustomize && (v.schedule === undefined || v.out === undefined)) {
    say('--kustomize goes with --schedule and --out')
  }
  if (v.collect && v.schedule === undefined) say('--collect goes with --schedule; else use k8s run')
  if (v.collect && v.cleanup) say('--cleanup and --collect: the latter deletes the run itself')
  if (!v.collect && (v.gate !== undefined || v.tolerance.length > 0)) {
    say('--gate and --tolerance go with --collect')
  }
  if (!v.collect && (v.push !== undefined || v['push-secret'] !== undefined)) {
    say('--push and --push-secret go with --collect')
  }
  if (v.push !== undefined) pushProblems(v.push, v['push-secret'], say)
  const variables = readVariables(v.env, say)
  variables['RECORDS'] ??= 'on'
  if (parallelism > 1) variables['START_AT'] ??= startOf(variables)
  if (v.schedule !== undefined && /^\d/.test(variables['START_AT'] ?? '')) {
    say(
      `START_AT ${variables['START_AT']}: a moment is past in the next run; next:30s lines up each`,
    )
  }
  if (variables['RUN_ID'] !== undefined) say('RUN_ID: each run gets its own; leave it out')
  const key = variables['TLS_KEY']
  if (key !== undefined && v.file.some((file) => file.endsWith(key))) {
    say(`--file ${key}: a private key (TLS_KEY) belongs into no ConfigMap; build it into the image`)
  }
  const secrets = readSecrets(v['key-secret'], v['secret-env'], say)
  if (v['results-claim'] === undefined) variables['RESULTS'] ??= 'none'
  else if (variables['RESULTS'] !== undefined) {
    say('RESULTS: --results-claim sets it to the volume; leave it out')
  }
  const pods = readPodOptions(v, say)
  const reached = [
    ...(v['results-claim'] === undefined ? [] : [RESULTS_FOLDER]),
    ...pods.mounts.map(({ path }) => path),
  ]
  if (v.collect && v.gate !== undefined && !reached.some((path) => isBelow(path, v.gate!))) {
    say(
      `--gate ${v.gate}: accepted: a path below ${RESULTS_FOLDER} with --results-claim, or below a --mount`,
    )
  }
  if (v.separate && pods.affinity !== undefined) {
    say('--separate and --affinity: the operator keeps only the former; leave one out')
  }
  if (problems.length > 0) return { ok: false, help: false, problems }
  const schedule: Schedule | undefined =
    v.schedule === undefined
      ? undefined
      : {
          cron: v.schedule,
          timeZone: v['time-zone'],
          kubectlImage: v['kubectl-image'],
          collect: v.collect
            ? {
                image: v['cli-image'],
                gate: v.gate,
                tolerances: v.tolerance,
                push: pushOf(v.push, v['push-secret']),
              }
            : undefined,
        }
  return {
    ok: true,
    options: {
      scenario,
      name,
      namespace: v.namespace,
      image: v.image,
      parallelism,
      separate: v.separate,
      cleanup: v.cleanup,
      variables,
      secrets,
      files: v.file,
      script,
      claim: v.claim,
      cpu: v.cpu,
      memory: v.memory,
      pods,
      prometheus: v.prometheus,
      resultsClaim: v['results-claim'],
      schedule,
      kustomize: v.kustomize,
      out: v.out,
      inspect: !v['no-inspect'],
    },
  }
}

function isBelow(folder: string, file: string): boolean {
  return file === folder || file.startsWith(`${folder}/`)
}

function pushProblems(
  url: string,
  secret: string | undefined,
  say: (problem: string) => void,
): void {
  const shown = maskUrl(url)
  if (!/^(s3|https?):\/\/\S+$/.test(url)) {
    say(`--push ${shown}: accepted: s3://BUCKET/PREFIX, or an http:// or https:// folder`)
  } else if (shown !== url) {
    say(
      `--push ${shown}: a secret in the address would stand in the manifest; put the address into the Secret of --push-secret, as PUSH_URL`,
    )
  } else if (url.startsWith('s3:') && secret === undefined) {
    say(`--push ${shown}: needs --push-secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`)
  }
}

function pushOf(url: string | undefined, secret: string | undefined): Push | undefined {
  return url === undefined && secret === undefined ? undefined : { url, secret }
}

/** Pods begin together; a calibration takes up to 20 s of their set-up, more than half of half a minute. */
function startOf({ CALIBRATION = 'auto' }: Readonly<Record<string, string>>): string {
  return CALIBRATION === 'auto' ? 'next:1m' : 'next:30s'
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      parallelism: text,
      name: text,
      namespace: text,
      image: { ...text, default: DEFAULT_IMAGE },
      env: { ...many, short: 'e', default: [] as string[] },
      'key-secret': text,
      'secret-env': { ...many, default: [] as string[] },
      file: { ...many, default: [] as string[] },
      script: text,
      claim: text,
      cpu: { ...text, default: '1' },
      memory: text,
      separate: { ...flag, default: false },
      cleanup: { ...flag, default: false },
      prometheus: text,
      'results-claim': text,
      schedule: text,
      'time-zone': text,
      collect: { ...flag, default: false },
      'cli-image': { ...text, default: DEFAULT_CLI_IMAGE },
      gate: text,
      tolerance: { ...many, default: [] as string[] },
      push: text,
      'push-secret': text,
      'kubectl-image': { ...text, default: DEFAULT_KUBECTL_IMAGE },
      kustomize: { ...flag, default: false },
      out: text,
      'no-inspect': { ...flag, default: false },
      help: { ...flag, short: 'h', default: false },
      ...POD_ARGS,
    },
  })
}
