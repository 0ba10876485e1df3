import {
  CONTAINER_SECURITY,
  inNamespace,
  labelled,
  ownVolumes,
  placement,
  podSecurity,
  trustEnv,
  unlessEmpty,
  type Env,
} from './pod.ts'
import { RESULTS_FOLDER, testRun } from './test-run.ts'
import type { Collect, K8sPlan, Manifest, Schedule } from './types.ts'
import { yamlOf } from './yaml.ts'

/** What the Job of a schedule does, and what it needs for that. */
interface Work {
  /** What its service account may do in its namespace. */
  rules: Record<string, unknown>[]
  deadlineS: number
  container: Record<string, unknown>
  env?: Env[]
  volumes: Record<string, unknown>[]
  volumeMounts: Record<string, unknown>[]
}

/**
 * A CronJob that creates a new TestRun each time, and may also wait for it and judge it. Its service
 * account may do that in its namespace and nothing else; the operator runs the test with its own rights.
 */
export function scheduleManifests(plan: K8sPlan, schedule: Schedule): Manifest[] {
  const name = `${plan.name}-schedule`
  const space = inNamespace(plan)
  const metadata = { name, ...space }
  const { collect } = schedule
  const work = collect === undefined ? creating(plan, schedule) : collecting(plan, collect)
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: work.rules,
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, ...space }],
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 'testrun.yaml': yamlOf(testRun(plan)) },
    },
    cronJob(plan, schedule, metadata, work),
  ]
}

function cronJob(
  plan: K8sPlan,
  schedule: Schedule,
  metadata: Manifest['metadata'] & { name: string },
  work: Work,
): Manifest {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata,
    spec: {
      schedule: schedule.cron,
      ...(schedule.timeZone === undefined ? {} : { timeZone: schedule.timeZone }),
      concurrencyPolicy: 'Forbid',
      // A test that is due while the cluster is down must not run at another time of day.
      startingDeadlineSeconds: 300,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          // A retry could start a second load.
          backoffLimit: 0,
          activeDeadlineSeconds: work.deadlineS,
          template: {
            ...unlessEmpty('metadata', labelled(plan.pods)),
            spec: podOf(plan, metadata.name, work),
          },
        },
      },
    },
  }
}

function podOf(plan: K8sPlan, name: string, work: Work): Record<string, unknown> {
  const { imagePullPolicy } = plan.pods
  return {
    restartPolicy: 'Never',
    serviceAccountName: name,
    automountServiceAccountToken: true,
    // Time to delete the run and to merge what there is of it.
    terminationGracePeriodSeconds: 120,
    ...placement(plan.pods),
    securityContext: podSecurity(plan.pods),
    containers: [
      {
        ...work.container,
        ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
        // kubectl's default cache folder is in the home, which this user does not have.
        env: [{ name: 'KUBECACHEDIR', value: '/cache' }, ...(work.env ?? [])],
        securityContext: { ...CONTAINER_SECURITY, readOnlyRootFilesystem: true },
        volumeMounts: [
          { name: 'testrun', mountPath: '/testrun', readOnly: true },
          { name: 'cache', mountPath: '/cache' },
          ...work.volumeMounts,
        ],
      },
    ],
    volumes: [
      { name: 'testrun', configMap: { name } },
      { name: 'cache', emptyDir: { sizeLimit: '16Mi' } },
      ...work.volumes,
    ],
  }
}

const FILE = '/testrun/testrun.yaml'

/** The Job only creates the run; nobody waits for it. */
function creating(plan: K8sPlan, { kubectlImage: image }: Schedule): Work {
  const space = plan.namespace === undefined ? [] : [`--namespace=${plan.namespace}`]
  return {
    rules: [{ apiGroups: ['k6.io'], resources: ['testruns'], verbs: ['create'] }],
    deadlineS: 120,
    container: {
      name: 'create',
      image,
      // Client-side validation would need to read the whole API schema; the server validates anyway.
      args: ['create', '--validate=false', `--filename=${FILE}`, ...space],
      resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
    },
    volumes: [],
    volumeMounts: [],
  }
}

/** The Job is `k6-inference k8s run`: it fails when a limit is missed or the run is not judged. */
function collecting(plan: K8sPlan, { image, gate, tolerances, push }: Collect): Work {
  const claim = plan.resultsClaim
  // The reports lie beside the runs of the claim, not in them: a run's folder holds its pods.
  const folders =
    claim === undefined
      ? ['--out', '/out']
      : ['--results', RESULTS_FOLDER, '--out', `${RESULTS_FOLDER}/reports`]
  const judged = gate === undefined ? [] : ['--gate', gate]
  const limits = tolerances.map((tolerance) => `--tolerance=${tolerance}`)
  const pushed = push?.url === undefined ? [] : ['--push', push.url]
  const own = ownVolumes(plan.pods, true)
  const volume =
    claim === undefined ? { emptyDir: {} } : { persistentVolumeClaim: { claimName: claim } }
  return {
    rules: [
      { apiGroups: ['k6.io'], resources: ['testruns'], verbs: ['create', 'get', 'delete'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
      { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
      // `kubectl logs job/NAME` of an initializer that refuses the script.
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get'] },
    ],
    // `k8s run` gives up after ten minutes without a load, and after a day with one.
    deadlineS: 25 * 3600,
    container: {
      name: 'collect',
      image,
      args: ['k8s', 'run', FILE, ...folders, ...judged, ...limits, ...pushed],
      ...(push?.secret === undefined ? {} : { envFrom: [{ secretRef: { name: push.secret } }] }),
      resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } },
    },
    env: trustEnv(plan.pods, 'NODE_EXTRA_CA_CERTS'),
    // A baseline may lie on one of the user's own volumes.
    volumes: [{ name: 'out', ...volume }, ...own.volumes],
    volumeMounts: [
      { name: 'out', mountPath: claim === undefined ? '/out' : RESULTS_FOLDER },
      ...own.volumeMounts,
    ],
  }
}
