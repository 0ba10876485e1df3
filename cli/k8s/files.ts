import type { K8sPlan, Manifest } from './types.ts'

/** The ConfigMap with the bundle and its data files. */
export function scriptConfigMap(plan: K8sPlan, name: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...space(plan) },
    data: Object.fromEntries(plan.files.map((file) => [file.name, file.text ?? ''])),
  }
}

/**
 * A claim for the script's files, and a pod through which to copy them: no Kubernetes object holds
 * more data than a ConfigMap.
 */
export function scriptClaim(plan: K8sPlan, name: string): Manifest[] {
  const bytes = plan.files.reduce((sum, file) => sum + file.bytes, 0)
  const gib = Math.max(1, Math.ceil((2 * bytes) / 1024 ** 3))
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, ...space(plan) },
      spec: {
        // Several pods read it: ReadWriteOnce would force them onto one node.
        accessModes: [plan.parallelism > 1 ? 'ReadWriteMany' : 'ReadWriteOnce'],
        resources: { requests: { storage: `${gib}Gi` } },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `${name}-loader`, ...space(plan) },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        // It ends by itself if forgotten.
        activeDeadlineSeconds: 3600,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 12345,
          runAsGroup: 12345,
          fsGroup: 12345,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            name: 'loader',
            image: plan.image,
            command: ['sleep', '3600'],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            resources: { requests: { cpu: '50m', memory: '32Mi' }, limits: { memory: '128Mi' } },
            volumeMounts: [{ name: 'test', mountPath: '/test' }],
          },
        ],
        volumes: [{ name: 'test', persistentVolumeClaim: { claimName: name } }],
      },
    },
  ]
}

function space(plan: K8sPlan): { namespace?: string } {
  return plan.namespace === undefined ? {} : { namespace: plan.namespace }
}
