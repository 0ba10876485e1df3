import { readOptions, type K8sPlan, type PodSettings } from '../../../cli/k8s/index.ts'
import { noSettings } from '../../../cli/k8s/pod-options.ts'

/** A plan as small as can be; each test changes what it is about. */
export function planWith(change: Partial<K8sPlan> = {}): K8sPlan {
  return {
    name: 'chat-spike',
    namespace: 'load',
    image: 'registry.example/k6-inference:0.1.0',
    parallelism: 3,
    separate: false,
    cleanup: false,
    files: [{ name: 'chat-spike.js', bytes: 22, text: 'export default 1 // $(A)' }],
    script: { route: 'configMap', name: 'chat-spike-script', file: 'chat-spike.js', why: 'small' },
    variables: { BASE_URL: 'http://llm:8000/v1', RATE: '4' },
    secrets: [{ variable: 'API_KEY', secret: 'llm', key: 'api-key' }],
    cpu: '1',
    memory: '1Gi',
    pods: noSettings(),
    prometheus: undefined,
    resultsClaim: undefined,
    schedule: undefined,
    ...change,
  }
}

export const SCHEDULE = {
  cron: '0 2 * * *',
  timeZone: 'Europe/Berlin',
  kubectlImage: 'registry.example/kubectl:v1',
  collect: undefined,
}

export const COLLECTED = {
  ...SCHEDULE,
  collect: {
    image: 'registry.example/k6-inference-cli:0.1.0',
    gate: '/results/baseline',
    tolerances: ['ttft_p95=10%'],
    push: { url: 's3://llm-load-tests/nightly', secret: 'bucket' },
  },
}

/** Every option about pods, once. */
export const ALL_POD_OPTIONS: readonly string[] = [
  ...['--image-pull-secret', 'registry', '--image-pull-policy', 'Always'],
  ...['--starter-image', 'mirror.example/curl:8', '--initializer-image', 'mirror.example/k6:1'],
  ...['--node-selector', 'pool=load', '--toleration', 'dedicated=load:NoSchedule'],
  ...['--spread', 'topology.kubernetes.io/zone', '--priority-class', 'low'],
  ...['--affinity', 'nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: []}'],
  ...['--service-account', 'load', '--label', 'kueue.x-k8s.io/queue-name=tests'],
  ...['--annotation', 'linkerd.io/inject=disabled', '--user', '2000:3000'],
  ...['--mount', 'configMap/prompts:/data/prompts', '--mount', 'secret/tls:/etc/tls'],
  ...['--mount', 'claim/traces:/data/traces', '--mount', 'emptyDir:/scratch'],
  ...['--ca-bundle', 'configMap/company-ca/ca.crt'],
]

/** The settings that these options make. */
export function podSettings(argv: readonly string[]): PodSettings {
  const read = readOptions(['chat-spike', '--parallelism', '3', ...argv])
  if (!read.ok) throw new Error(read.problems.join('; '))
  return read.options.pods
}

/** Every way that the manifests can look. */
export const PLANS: Record<string, K8sPlan> = {
  least: planWith({ namespace: undefined, secrets: [] }),
  whole: planWith({
    separate: true,
    cleanup: true,
    prometheus: 'http://prometheus:9090/api/v1/write',
    resultsClaim: 'results',
  }),
  claim: planWith({
    script: { route: 'claim', name: 'files', file: 'chat-spike.js', create: true, why: 'large' },
  }),
  'claim that is there': planWith({
    script: { route: 'claim', name: 'files', file: 'chat-spike.js', create: false, why: 'named' },
  }),
  image: planWith({ script: { route: 'image', path: '/k6/dist/chat-spike.js', why: 'large' } }),
  schedule: planWith({ schedule: SCHEDULE }),
  'all options about pods': planWith({
    pods: podSettings(ALL_POD_OPTIONS),
    resultsClaim: 'results',
  }),
  'all options about pods, scheduled': planWith({
    pods: podSettings(ALL_POD_OPTIONS),
    script: { route: 'claim', name: 'files', file: 'chat-spike.js', create: true, why: 'large' },
    schedule: SCHEDULE,
  }),
  'schedule that collects': planWith({ schedule: COLLECTED, resultsClaim: 'results' }),
  'schedule that collects from logs': planWith({ schedule: COLLECTED }),
  'schedule that collects, with all options about pods': planWith({
    pods: podSettings(ALL_POD_OPTIONS),
    schedule: COLLECTED,
  }),
  'a base of Kustomize': planWith({ schedule: COLLECTED, kustomize: true }),
  'no user of its own': planWith({
    pods: podSettings(['--user', 'none']),
    resultsClaim: 'results',
  }),
  'schedule without a zone': planWith({ schedule: { ...SCHEDULE, timeZone: undefined } }),
}
