import { inNamespace, ownVolumes, spreading, testRunPod, trustEnv, type Env } from './pod.ts'
import type { K8sPlan, Manifest, ScriptRoute, SecretRef } from './types.ts'

/** Mount point of the results volume; without one, the initializer's stand-in. */
export const RESULTS_FOLDER = '/results'
/** Folder of one pod on the results volume. */
const POD_FOLDER = `${RESULTS_FOLDER}/$(TESTID)/$(POD_NAME)`

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
  const { parallelism, image, variables, pods } = plan
  const inMap = plan.kustomize === true
  const own = Object.entries(variables).map(([name, value]) => plain(name, value))
  const settings = inMap ? [] : own
  const envFrom = inMap ? { envFrom: [{ configMapRef: { name: variablesName(plan) } }] } : {}
  const results = plan.resultsClaim
  return {
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata: {
      generateName: `${plan.name}-`,
      ...inNamespace(plan),
      labels: { 'app.kubernetes.io/name': 'k6-inference', ...pods.labels },
    },
    spec: {
      parallelism,
      ...(plan.separate ? { separate: true } : {}),
      ...(plan.cleanup ? { cleanup: 'post' } : {}),
      script: scriptOf(plan.script),
      arguments: argumentsOf(plan),
      initializer: {
        image: pods.initializerImage ?? image,
        ...testRunPod(pods),
        ...envFrom,
        env: [
          ...ofRun,
          ...(results === undefined ? [] : [plain('RESULTS', RESULTS_FOLDER)]),
          ...settings,
        ],
        resources: resources('500m', '512Mi'),
        ...volumesOf(ownVolumes(pods, false), results === undefined ? undefined : { emptyDir: {} }),
      },
      starter: {
        ...(pods.starterImage === undefined ? {} : { image: pods.starterImage }),
        ...testRunPod(pods, 65532),
      },
      runner: {
        image,
        ...testRunPod(pods),
        ...spreading(pods),
        ...envFrom,
        env: [
          ...ofRun,
          podName,
          ...(results === undefined ? [] : [{ name: 'RESULTS', value: POD_FOLDER }]),
          ...settings,
          ...plan.secrets.map(fromSecret),
          ...trustEnv(pods),
          ...(plan.prometheus === undefined ? [] : prometheusEnv(plan.prometheus)),
        ],
        resources: resources(plan.cpu, plan.memory),
        livenessProbe: PATIENT,
        ...(results === undefined ? {} : { initContainers: [folderMaker(image)] }),
        ...volumesOf(
          ownVolumes(pods, true),
          results === undefined ? undefined : { persistentVolumeClaim: { claimName: results } },
        ),
      },
    },
  }
}

/** The ConfigMap with a plan's variables. The kubelet replaces nothing in them. */
export function variablesMap(plan: K8sPlan): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: variablesName(plan), ...inNamespace(plan) },
    data: plan.variables,
  }
}

const variablesName = ({ name }: K8sPlan) => `${name}-variables`

/**
 * The operator's own probe kills a pod whose k6 does not answer within a second, three times in 30 s.
 * A client that is busy with a spike may be slower, and its report says so; one that hangs for ten
 * minutes is of no use.
 */
const PATIENT = {
  httpGet: { path: '/v1/status', port: 6565 },
  periodSeconds: 30,
  timeoutSeconds: 20,
  failureThreshold: 20,
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

/**
 * The kubelet replaces `$(TESTID)` and `$(RESULTS)`, also in the initializer, where a shell would take
 * them as commands.
 */
function argumentsOf(plan: K8sPlan): string {
  const { resultsClaim, prometheus } = plan
  const records = resultsClaim === undefined ? [] : ['--console-output', '$(RESULTS)/records.jsonl']
  const output = prometheus === undefined ? [] : ['-o', 'experimental-prometheus-rw']
  return ['--tag', 'testid=$(TESTID)', '--log-format', 'raw', ...records, ...output].join(' ')
}

function scriptOf(script: ScriptRoute): Record<string, unknown> {
  if (script.route === 'configMap') return { configMap: { name: script.name, file: script.file } }
  if (script.route === 'image') return { localFile: script.path }
  return { volumeClaim: { name: script.name, file: script.file, readOnly: true } }
}

/** Kubernetes replaces `$(NAME)` in values, and `$$` by `$`; a doubled `$` is always one `$`. */
function plain(name: string, value: string): Env {
  return { name, value: value.replaceAll('$', '$$$$') }
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

/** @param results source of the volume at {@link RESULTS_FOLDER}; the initializer opens a file there, too */
function volumesOf(
  own: ReturnType<typeof ownVolumes>,
  results: Record<string, unknown> | undefined,
): Partial<ReturnType<typeof ownVolumes>> {
  const volumes = [...own.volumes]
  const volumeMounts = [...own.volumeMounts]
  if (results !== undefined) {
    volumes.unshift({ name: 'results', ...results })
    volumeMounts.unshift({ name: 'results', mountPath: RESULTS_FOLDER })
  }
  return volumes.length === 0 ? {} : { volumes, volumeMounts }
}

/**
 * Makes the pod's folder: k6 makes none, and all pods use the same file names. A `subPath` would do so,
 * too, but as root: on a shared volume that ignores `fsGroup` (NFS, EFS), k6 could not write there.
 */
function folderMaker(image: string): Record<string, unknown> {
  return {
    name: 'results-folder',
    image,
    command: ['mkdir', '-p', '$(RESULTS)'],
    env: [...ofRun.slice(0, 1), podName, { name: 'RESULTS', value: POD_FOLDER }],
    resources: resources('50m', '64Mi'),
    volumeMounts: [{ name: 'results', mountPath: RESULTS_FOLDER }],
  }
}
