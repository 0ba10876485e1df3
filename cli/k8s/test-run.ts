import type { K8sPlan, Manifest, ScriptRoute, SecretRef } from './types.ts'

/** Mount point of the results volume, and the value of RESULTS. */
export const RESULTS_FOLDER = '/results'

/** User of this project's image and of k6's; also the group that may write to the results volume. */
const K6_USER = 12345

const POD_SECURITY = {
  runAsNonRoot: true,
  runAsUser: K6_USER,
  runAsGroup: K6_USER,
  fsGroup: K6_USER,
  seccompProfile: { type: 'RuntimeDefault' },
}

const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
}

type Env = { name: string; value?: string; valueFrom?: Record<string, unknown> }

/**
 * The `TestRun` (`k6.io/v1alpha1`).
 *
 * Settings are environment variables, not `arguments`: the operator passes the same arguments to
 * `k6 archive` in the initializer, which accepts fewer flags (it refuses `--features`), and a variable
 * needs no quoting. The initializer gets its own variables, without the key, because the operator
 * writes what it finds there into an archive.
 *
 * It has a `generateName` instead of a name, so that each `kubectl create` is another run.
 */
export function testRun(plan: K8sPlan): Manifest {
  const { parallelism, image, variables } = plan
  const results = plan.resultsClaim
  const settings = Object.entries(variables).map(([name, value]) => plain(name, value))
  const common = {
    image,
    securityContext: POD_SECURITY,
    containerSecurityContext: CONTAINER_SECURITY,
    // k6 does not use the Kubernetes API.
    automountServiceAccountToken: 'false',
  }
  const runnerEnv: Env[] = [
    ...ofRun,
    podName,
    ...settings,
    ...(results === undefined ? [] : [plain('RESULTS', RESULTS_FOLDER)]),
    ...plan.secrets.map(fromSecret),
    ...(plan.prometheus === undefined ? [] : prometheusEnv(plan.prometheus)),
  ]
  return {
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata: {
      generateName: `${plan.name}-`,
      ...(plan.namespace === undefined ? {} : { namespace: plan.namespace }),
      labels: { 'app.kubernetes.io/name': 'k6-inference' },
    },
    spec: {
      parallelism,
      ...(plan.separate ? { separate: true } : {}),
      ...(plan.cleanup ? { cleanup: 'post' } : {}),
      script: scriptOf(plan.script),
      arguments: argumentsOf(plan),
      initializer: {
        ...common,
        env: [...ofRun, ...settings],
        resources: resources('500m', '512Mi'),
        ...(results === undefined ? {} : noResults),
      },
      starter: {
        securityContext: { ...POD_SECURITY, runAsUser: 65532, runAsGroup: 65532 },
        containerSecurityContext: CONTAINER_SECURITY,
        automountServiceAccountToken: 'false',
      },
      runner: {
        ...common,
        env: runnerEnv,
        resources: resources(plan.cpu, plan.memory),
        ...(results === undefined ? {} : resultsVolume(results)),
      },
    },
  }
}

/**
 * The operator labels its pods with the TestRun's name, which is new for each run. It tells runs apart
 * in Prometheus, and gives all pods the prompts of one run, unlike those of any earlier run.
 */
const runName = { fieldRef: { fieldPath: "metadata.labels['k6_cr']" } }
const ofRun: Env[] = [
  { name: 'TESTID', valueFrom: runName },
  { name: 'RUN_ID', valueFrom: runName },
]

const podName: Env = {
  name: 'POD_NAME',
  valueFrom: { fieldRef: { fieldPath: 'metadata.name' } },
}

/** The kubelet replaces `$(TESTID)`, also in the initializer, where a shell would take it as a command. */
function argumentsOf(plan: K8sPlan): string {
  const { resultsClaim, prometheus } = plan
  const records =
    resultsClaim === undefined ? [] : ['--console-output', `${RESULTS_FOLDER}/records.jsonl`]
  const output = prometheus === undefined ? [] : ['-o', 'experimental-prometheus-rw']
  return ['--tag', 'testid=$(TESTID)', '--log-format', 'raw', ...records, ...output].join(' ')
}

function scriptOf(script: ScriptRoute): Record<string, unknown> {
  if (script.route === 'configMap') return { configMap: { name: script.name, file: script.file } }
  if (script.route === 'image') return { localFile: script.path }
  return { volumeClaim: { name: script.name, file: script.file, readOnly: true } }
}

/** Kubernetes replaces `$(NAME)` in values; a doubled `$` keeps it literal. */
function plain(name: string, value: string): Env {
  return { name, value: value.replaceAll('$(', '$$$$(') }
}

function fromSecret({ variable, secret, key }: SecretRef): Env {
  return { name: variable, valueFrom: { secretKeyRef: { name: secret, key } } }
}

function prometheusEnv(url: string): Env[] {
  return [
    plain('K6_PROMETHEUS_RW_SERVER_URL', url),
    // Histograms add up over pods; percentiles computed per pod do not.
    plain('K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM', 'true'),
    plain('K6_PROMETHEUS_RW_STALE_MARKERS', 'true'),
  ]
}

/** Memory is limited, too: a pod that exceeds it is killed instead of taking the node down. */
function resources(cpu: string, memory: string): Record<string, unknown> {
  return { requests: { cpu, memory }, limits: { memory } }
}

/** The initializer gets the same arguments, and k6 opens the console-output file in any case. */
const noResults = {
  volumes: [{ name: 'results', emptyDir: {} }],
  volumeMounts: [{ name: 'results', mountPath: RESULTS_FOLDER }],
}

/** One folder per pod, created by the kubelet: k6 creates none, and all pods use the same file names. */
function resultsVolume(claim: string): Record<string, unknown> {
  return {
    volumes: [{ name: 'results', persistentVolumeClaim: { claimName: claim } }],
    volumeMounts: [
      { name: 'results', mountPath: RESULTS_FOLDER, subPathExpr: '$(TESTID)/$(POD_NAME)' },
    ],
  }
}
