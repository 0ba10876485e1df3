import { parseArgs } from 'node:util'
import { describeVariables } from '../../lib/config/index.ts'
import { POD_ARGS, podOptionsHelp, readPodOptions } from './pod-options.ts'
import { maskUrl, maskUrls } from '../../lib/safe-text/index.ts'
import { IMAGE_FOLDER } from './route.ts'
import type { PodSettings, ScriptRoute, SecretRef, Schedule } from './types.ts'

export const DEFAULT_IMAGE = 'k6-inference:0.1.0'
export const DEFAULT_CLI_IMAGE = 'k6-inference-cli:0.1.0'
export const DEFAULT_KUBECTL_IMAGE = 'registry.k8s.io/kubectl:v1.34.1'

export const HELP = `Usage: k6-inference k8s SCENARIO --parallelism N [options] --out DIR

Writes manifests for k6-operator: DIR/script.yaml (kubectl apply --server-side, once) and DIR/test.yaml
(kubectl create, for each run). Without --out both go to standard output. Notes go to standard error.
SCENARIO is a scenario's name (chat-spike) or the path of a bundle. \`k6-inference k8s run DIR/test.yaml\` creates
the test, waits for it, merges and reports it (k6-inference k8s run --help).

  --parallelism N         number of pods that share the load
  --name NAME             name of the test (default: the scenario's)
  --namespace NS          namespace of all objects
  --image IMAGE           image with k6 and the socket module (default ${DEFAULT_IMAGE};
                          deploy/docker/Dockerfile builds it)
  -e, --env NAME=VALUE    scenario variable; may be repeated
  --key-secret NAME[/KEY] Secret that holds the API key (default KEY: api-key)
  --secret-env VARIABLE=NAME/KEY   any other variable from a Secret, e.g. HEADERS; may be repeated
  --file PATH             data file that the script opens, placed beside the bundle; may be repeated
  --script ROUTE          where pods find the script: configMap, claim or image (default: by size)
  --claim NAME            PersistentVolumeClaim that already holds the bundle and the files
  --cpu Q                 CPU that each pod asks for (default 1); k6-inference plan computes it
  --memory Q              memory of each pod, both request and limit (default: what its VUs and
                          requests need, as k6 counts them); too little is refused
  --separate              run the pods on different nodes
  --cleanup               delete jobs and pods, with their logs, when the test ends
  --prometheus URL        remote-write address
  --results-claim NAME    PersistentVolumeClaim for results and records, one folder per pod; without
                          it the records go to the pods' logs
  --schedule CRON         write a CronJob that creates a new TestRun each time, e.g. "0 2 * * *"
  --time-zone ZONE        time zone of the schedule, e.g. Europe/Berlin
  --collect               with --schedule: the job waits for the run, merges, reports and judges it, and fails
                          when a limit is missed; with --results-claim the reports go to its reports/RUN/
  --cli-image IMAGE       image of the job that collects (default ${DEFAULT_CLI_IMAGE};
                          deploy/docker/Dockerfile, target cli)
  --gate PATH             with --collect: baseline to judge against, e.g. /results/baseline
  --tolerance ID=P%       for the gate; may be repeated
  --kubectl-image IMAGE   image of the job that only creates the run (default ${DEFAULT_KUBECTL_IMAGE})
  --out DIR               folder for the manifests
  --no-inspect            do not ask k6 whether every pod gets VUs and has memory for them
  --help

Of the pods:
${podOptionsHelp()}

In the image, bundles lie in ${IMAGE_FOLDER}/.`

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
  if (v.collect && v.schedule === undefined) say('--collect goes with --schedule; else use k8s run')
  if (v.collect && v.cleanup) say('--cleanup and --collect: the latter deletes the run itself')
  if (!v.collect && (v.gate !== undefined || v.tolerance.length > 0)) {
    say('--gate and --tolerance go with --collect')
  }
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
            ? { image: v['cli-image'], gate: v.gate, tolerances: v.tolerance }
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
      out: v.out,
      inspect: !v['no-inspect'],
    },
  }
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
      'kubectl-image': { ...text, default: DEFAULT_KUBECTL_IMAGE },
      out: text,
      'no-inspect': { ...flag, default: false },
      help: { ...flag, short: 'h', default: false },
      ...POD_ARGS,
    },
  })
}

function readVariables(
  given: readonly string[],
  say: (problem: string) => void,
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const pair of given) {
    const at = pair.indexOf('=')
    const name = at < 0 ? pair : pair.slice(0, at)
    const value = pair.slice(at + 1)
    if (at < 0 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      say(`-e ${at < 0 ? pair : name}: accepted: NAME=VALUE`)
    } else if (isSecret(name)) {
      // Its value would end up in the manifest, the cluster's history and the initializer's archive.
      say(
        `-e ${name}: a secret; give --${name === 'API_KEY' ? 'key-secret' : 'secret-env'} instead`,
      )
    } else if (masked(name, value) !== value) {
      const instead = isAddress(name)
        ? 'the client takes none there: give --key-secret, or HEADERS by --secret-env'
        : `give --secret-env ${name}=NAME/KEY instead`
      say(
        `-e ${name}=${masked(name, value)}: a secret in the address would stand in the manifest; ${instead}`,
      )
    } else found[name] = value
  }
  return found
}

function masked(name: string, value: string): string {
  return isAddress(name) ? maskUrl(value) : maskUrls(value)
}

function isAddress(name: string): boolean {
  return describeVariables().some((known) => known.name === name && /^URLs?$/.test(known.type))
}

/** Decided by the table of variables; for others, such as K6_CLOUD_TOKEN, by how the name ends. */
function isSecret(name: string): boolean {
  const known = describeVariables().find((variable) => variable.name === name)
  return known?.secret ?? /(KEY|TOKEN|PASSWORD|SECRET|CREDENTIALS|HEADERS?)$/i.test(name)
}

function readSecrets(
  key: string | undefined,
  others: readonly string[],
  say: (problem: string) => void,
): SecretRef[] {
  const all = key === undefined ? [] : [{ option: 'key-secret', variable: 'API_KEY', ref: key }]
  for (const pair of others) {
    const at = pair.indexOf('=')
    all.push({
      option: 'secret-env',
      variable: pair.slice(0, Math.max(at, 0)),
      ref: pair.slice(at + 1),
    })
  }
  return all.flatMap(({ option, variable, ref }) => {
    const [secret = '', field = option === 'key-secret' ? 'api-key' : '', ...rest] = ref.split('/')
    const sound =
      /^[A-Z][A-Z0-9_]*$/.test(variable) &&
      /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(secret) &&
      /^[-._a-zA-Z0-9]+$/.test(field) &&
      rest.length === 0
    if (sound) return [{ variable, secret, key: field }]
    const wanted = option === 'key-secret' ? 'NAME or NAME/KEY' : 'VARIABLE=NAME/KEY'
    say(`--${option}: accepted: ${wanted}, the names of a Secret and of a key in it`)
    return []
  })
}
