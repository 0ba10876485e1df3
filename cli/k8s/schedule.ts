import { CONTAINER_SECURITY, inNamespace, labelled, placement, podSecurity } from './pod.ts'
import { testRun } from './test-run.ts'
import type { K8sPlan, Manifest, Schedule } from './types.ts'
import { yamlOf } from './yaml.ts'

/**
 * A CronJob that creates a new TestRun each time. Its service account may only `create` `testruns` in
 * its namespace and read nothing; the operator runs the test with its own rights.
 */
export function scheduleManifests(plan: K8sPlan, schedule: Schedule): Manifest[] {
  const name = `${plan.name}-schedule`
  const space = inNamespace(plan)
  const metadata = { name, ...space }
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: ['k6.io'], resources: ['testruns'], verbs: ['create'] }],
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
    cronJob(plan, schedule, metadata),
  ]
}

function cronJob(
  plan: K8sPlan,
  schedule: Schedule,
  metadata: Manifest['metadata'] & { name: string },
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
          activeDeadlineSeconds: 120,
          template: {
            metadata: labelled(plan.pods),
            spec: starterPod(plan, schedule, metadata.name),
          },
        },
      },
    },
  }
}

function starterPod(plan: K8sPlan, schedule: Schedule, name: string): Record<string, unknown> {
  const { imagePullPolicy } = plan.pods
  const space = plan.namespace === undefined ? [] : [`--namespace=${plan.namespace}`]
  return {
    restartPolicy: 'Never',
    serviceAccountName: name,
    automountServiceAccountToken: true,
    ...placement(plan.pods),
    securityContext: podSecurity(plan.pods, 65532),
    containers: [
      {
        name: 'create',
        image: schedule.kubectlImage,
        ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
        // Client-side validation would need to read the whole API schema; the server validates anyway.
        args: ['create', '--validate=false', '--filename=/testrun/testrun.yaml', ...space],
        // kubectl's default cache folder is in the home, which this user does not have.
        env: [{ name: 'KUBECACHEDIR', value: '/cache' }],
        securityContext: { ...CONTAINER_SECURITY, readOnlyRootFilesystem: true },
        resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
        volumeMounts: [
          { name: 'testrun', mountPath: '/testrun', readOnly: true },
          { name: 'cache', mountPath: '/cache' },
        ],
      },
    ],
    volumes: [
      { name: 'testrun', configMap: { name } },
      { name: 'cache', emptyDir: { sizeLimit: '16Mi' } },
    ],
  }
}
