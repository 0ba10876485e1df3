import { parseArgs } from '../../arguments.ts'
import { UsageError } from '../../command.ts'
import { readDestination, type Destination, type PushEnvironment } from './destination.ts'
import { formatDuration, readDuration } from '../../../lib/config/index.ts'

export interface RunOptions {
  /** File with the TestRun. */
  file: string
  /** Folder in which the run's folder is made. */
  out: string
  /** Where the volume with the pods' results is mounted here; undefined reads their logs. */
  results: string | undefined
  namespace: string | undefined
  context: string | undefined
  kubectl: string
  startMs: number
  limitMs: number
  everyMs: number
  keep: boolean
  formats: string
  /** Run or folder to judge against. */
  gate: string | undefined
  tolerances: string[]
  /** Where the run's files go in the end. */
  push: Destination | undefined
}

export const HELP = `Runs a test on a cluster as \`run\` does on this machine: creates the TestRun, waits, reads the records of
its pods, merges and reports them, deletes the TestRun. Needs kubectl.

  k6-inference k8s run test.yaml [options]

test.yaml is what \`k6-inference k8s … --out DIR\` has written; first apply DIR/script.yaml, if there is one.

  --out DIR             folder in which the run's folder is created (default results)
  --results DIR         where the claim of --results-claim is mounted, in a pod; without it the records
                        are read from the pods' logs
  --namespace NS        namespace (default: the file's, else kubectl's)
  --context NAME        context of the kubeconfig
  --kubectl PATH        kubectl (default: $KUBECTL, else kubectl)
  --start-timeout D     how long pods may take until the load begins (default 10m)
  --timeout D           how long the run may take after that (default 24h)
  --every D             time between two looks at the cluster (default 5s)
  --keep                do not delete the TestRun; its pods and their logs stay
  --formats LIST        reports to write (default html,md)
  --gate BASELINE       then judge the run against BASELINE, as compare --gate does
  --tolerance ID=P%     for the gate; may be repeated
  --push URL            then push the results, records and reports to URL/RUN/ (default $PUSH_URL):
                        s3://BUCKET/PREFIX, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, but
                        for AWS, AWS_ENDPOINT_URL in the environment; or an http(s):// folder that takes
                        PUT, with PUSH_HEADERS (name: value; name: value)

Ctrl-C deletes the TestRun, which ends the load, and reports what there is. The operator calls every run
"finished", whatever became of its pods: a pod that was evicted, killed for memory or deleted is named,
and makes the verdict unclear.

Exit code: that of a local run (99: an SLO was missed, 108: no load was sent); 4: not fully judged; with
--gate, that of the gate where the run itself is sound; 1 instead of 0 where the push failed.
`

const text = { type: 'string' } as const

/**
 * @param env has kubectl's path, and the keys with which results are pushed
 * @throws UsageError that names everything that is wrong
 */
export function parseRunOptions(
  argv: readonly string[],
  env: PushEnvironment = process.env,
): RunOptions | 'help' {
  const { values: v, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      out: { ...text, default: 'results' },
      results: text,
      namespace: text,
      context: text,
      kubectl: { ...text, default: env['KUBECTL'] ?? 'kubectl' },
      'start-timeout': { ...text, default: '10m' },
      timeout: { ...text, default: '24h' },
      every: { ...text, default: '5s' },
      keep: { type: 'boolean', default: false },
      formats: { ...text, default: 'html,md' },
      gate: text,
      tolerance: { ...text, multiple: true, default: [] as string[] },
      push: { ...text, default: env['PUSH_URL'] ?? '' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (v.help) return 'help'
  const problems: string[] = []
  const duration = (
    name: 'start-timeout' | 'timeout' | 'every',
    [least, most]: [number, number],
  ) => {
    const read = readDuration(v[name])
    if (read.ok && read.value >= least && read.value <= most) return read.value
    problems.push(
      `--${name} ${v[name]}: accepted: a duration, ${formatDuration(least)} to ${formatDuration(most)}`,
    )
    return least
  }
  const [file = '', ...more] = positionals
  if (file === '') problems.push('no file given; name the test.yaml that k6-inference k8s wrote')
  if (more.length > 0) problems.push(`one file at a time; also got ${more.join(', ')}`)
  if (v.gate === undefined && v.tolerance.length > 0) problems.push('--tolerance goes with --gate')
  const push = v.push === '' ? undefined : readDestination(v.push, env)
  if (push !== undefined && !push.ok) problems.push(push.message)
  const options = {
    file,
    out: v.out,
    results: v.results,
    namespace: v.namespace,
    context: v.context,
    kubectl: v.kubectl,
    startMs: duration('start-timeout', [1000, 86_400_000]),
    limitMs: duration('timeout', [1000, 7 * 86_400_000]),
    everyMs: duration('every', [50, 60_000]),
    keep: v.keep,
    formats: v.formats,
    gate: v.gate,
    tolerances: v.tolerance,
    push: push?.ok === true ? push.value : undefined,
  }
  if (problems.length > 0) throw new UsageError(problems.join('; '))
  return options
}
