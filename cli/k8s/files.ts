import { CONTAINER_SECURITY, inNamespace, labelled, placement, podSecurity } from './pod.ts'
import type { K8sPlan, Manifest } from './types.ts'

/** The ConfigMap with the bundle and its data files. */
export function scriptConfigMap(plan: K8sPlan, name: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...inNamespace(plan) },
    data: Object.fromEntries(plan.files.map((file) => [file.name, file.text ?? ''])),
  }
}

/**
 * A claim for the script's files, and a pod through which to copy them: no Kubernetes object holds
 * more data than a ConfigMap.
 */
export function scriptClaim(plan: K8sPlan, name: string): Manifest[] {
  const bytes = plan.files.reduce((sum, file) => sum + file.bytes, 0)
  const { imagePullPolicy } = plan.pods
  const pull = imagePullPolicy === undefined ? {} : { imagePullPolicy }
  const gib = Math.max(1, Math.ceil((2 * bytes) / 1024 ** 3))
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, ...inNamespace(plan) },
      spec: {
        // Several pods read it: ReadWriteOnce would force them onto one node.
        accessModes: [plan.parallelism > 1 ? 'ReadWriteMany' : 'ReadWriteOnce'],
        resources: { requests: { storage: `${gib}Gi` } },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `${name}-loader`, ...inNamespace(plan), ...labelled(plan.pods) },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        // It ends by itself if forgotten.
        activeDeadlineSeconds: 3600,
        ...placement(plan.pods),
        securityContext: podSecurity(plan.pods),
        containers: [
          {
            name: 'loader',
            image: plan.image,
            command: ['sleep', '3600'],
            ...pull,
            securityContext: CONTAINER_SECURITY,
            resources: { requests: { cpu: '50m', memory: '32Mi' }, limits: { memory: '128Mi' } },
            volumeMounts: [{ name: 'test', mountPath: '/test' }],
          },
        ],
        volumes: [{ name: 'test', persistentVolumeClaim: { claimName: name } }],
      },
    },
  ]
}
