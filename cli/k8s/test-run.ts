import type { K8sPlan, Manifest, ScriptRoute, SecretRef } from './types.ts'

/** Where a results volume is mounted, and what RESULTS says then. */
export const RESULTS_FOLDER = '/results'

/** User of the project's image and of k6's own; the group that may write to the results volume. */
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
 * Settings go by environment and not by `arguments`, because the operator hands the same arguments
 * to `k6 archive` in the initializer, which knows fewer flags (`--features` is one it refuses), and
 * because a variable needs no quoting. The initializer has variables of its own, without the key:
 * the operator writes what it finds there into an archive.
 *
 * It has no name of its own but a beginning of one: each `kubectl create` is another run.
 */
export function testRun(plan: K8sPlan): Manifest {
  const { parallelism, image, variables } = plan
  const results = plan.resultsClaim
  const settings = Object.entries(variables).map(([name, value]) => plain(name, value))
  const common = {
    image,
    securityContext: POD_SECURITY,
    containerSecurityContext: CONTAINER_SECURITY,
    // k6 asks nothing of the Kubernetes API.
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
 * The operator labels its pods with the TestRun's name, which is made anew for each run: it tells the
 * runs apart in Prometheus, and makes the prompts of all pods one run's (and no earlier run's).
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

/** The kubelet replaces `$(TESTID)`; in the initializer too, where it would else be a command. */
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

/** Kubernetes replaces `$(NAME)` in values; doubling the `$` takes it literally. */
function plain(name: string, value: string): Env {
  return { name, value: value.replaceAll('$(', '$$$$(') }
}

function fromSecret({ variable, secret, key }: SecretRef): Env {
  return { name: variable, valueFrom: { secretKeyRef: { name: secret, key } } }
}

function prometheusEnv(url: string): Env[] {
  return [
    plain('K6_PROMETHEUS_RW_SERVER_URL', url),
    // Histograms add up over pods; percentiles that k6 computes a pod do not.
    plain('K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM', 'true'),
    plain('K6_PROMETHEUS_RW_STALE_MARKERS', 'true'),
  ]
}

/** Memory is a limit too: a pod that outgrows it ends at once and does not take the node with it. */
function resources(cpu: string, memory: string): Record<string, unknown> {
  return { requests: { cpu, memory }, limits: { memory } }
}

/** The initializer is given the same arguments, and k6 opens the file of the console in any case. */
const noResults = {
  volumes: [{ name: 'results', emptyDir: {} }],
  volumeMounts: [{ name: 'results', mountPath: RESULTS_FOLDER }],
}

/** A folder a pod, made by the kubelet: k6 makes none, and all pods write files of the same names. */
function resultsVolume(claim: string): Record<string, unknown> {
  return {
    volumes: [{ name: 'results', persistentVolumeClaim: { claimName: claim } }],
    volumeMounts: [
      { name: 'results', mountPath: RESULTS_FOLDER, subPathExpr: '$(TESTID)/$(POD_NAME)' },
    ],
  }
}
