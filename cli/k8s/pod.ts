import type { K8sPlan, Mount, PodSettings } from './types.ts'

export type Env = { name: string; value?: string; valueFrom?: Record<string, unknown> }
type Fields = Record<string, unknown>

/** User of this project's image and of k6's; also the group that may write to the results volume. */
const K6_USER = 12345
const CA_FOLDER = '/etc/k6-inference/ca'

export const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
}

/**
 * Security of a pod under the Pod Security Standard "restricted".
 * @param uid used unless `--user` names another, or leaves it to the cluster
 */
export function podSecurity({ user }: PodSettings, uid = K6_USER): Fields {
  const seccompProfile = { type: 'RuntimeDefault' }
  if (user === 'none') return { runAsNonRoot: true, seccompProfile }
  const own = user ?? { uid, gid: uid }
  return {
    runAsNonRoot: true,
    runAsUser: own.uid,
    runAsGroup: own.gid,
    // Where a volume heeds it, this group may write to it.
    fsGroup: user?.gid ?? K6_USER,
    seccompProfile,
  }
}

/** Where pods run and who pulls their images: fields that a pod's spec and a TestRun's pods share. */
export function placement(settings: PodSettings): Fields {
  const { imagePullSecrets, nodeSelector, tolerations, affinity, priorityClass } = settings
  return {
    ...(imagePullSecrets.length === 0
      ? {}
      : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
    ...unlessEmpty('nodeSelector', nodeSelector),
    ...(tolerations.length === 0 ? {} : { tolerations }),
    ...(affinity === undefined ? {} : { affinity }),
    ...(priorityClass === undefined ? {} : { priorityClassName: priorityClass }),
  }
}

/** Labels and annotations; nothing when there are none. */
export function labelled({ labels, annotations }: PodSettings): Fields {
  return { ...unlessEmpty('labels', labels), ...unlessEmpty('annotations', annotations) }
}

/** What the three kinds of a TestRun's pods have in common. */
export function testRunPod(settings: PodSettings, uid?: number): Fields {
  const { imagePullPolicy, serviceAccount } = settings
  return {
    ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
    ...unlessEmpty('metadata', labelled(settings)),
    ...placement(settings),
    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
    securityContext: podSecurity(settings, uid),
    containerSecurityContext: CONTAINER_SECURITY,
    // k6 does not use the Kubernetes API.
    automountServiceAccountToken: 'false',
  }
}

/** Spreads the pods of one run, not those of all runs, over the values of each node label. */
export function spreading({ spread }: PodSettings): Fields {
  if (spread.length === 0) return {}
  return {
    topologySpreadConstraints: spread.map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: { app: 'k6', runner: 'true' } },
      matchLabelKeys: ['k6_cr'],
    })),
  }
}

export interface Volumes {
  volumes: Fields[]
  volumeMounts: Fields[]
}

/**
 * The user's own volumes, and certificates.
 * @param forRunner false leaves out what only the load needs: secrets and certificates
 */
export function ownVolumes({ mounts, caBundle }: PodSettings, forRunner: boolean): Volumes {
  const all: Mount[] = [...mounts]
  if (caBundle !== undefined) all.push({ ...caBundle, path: CA_FOLDER })
  const kept = all.filter(
    ({ kind, path }) => forRunner || (kind !== 'secret' && path !== CA_FOLDER),
  )
  return {
    volumes: kept.map((mount, i) => ({ name: `mount-${i + 1}`, ...sourceOf(mount) })),
    volumeMounts: kept.map(({ kind, path: mountPath }, i) => ({
      name: `mount-${i + 1}`,
      mountPath,
      ...(kind === 'emptyDir' ? {} : { readOnly: true }),
    })),
  }
}

/**
 * Go reads these certificates instead of the image's list, and besides them what /etc/ssl/certs holds.
 * @param variable that of Go, unless another runtime is to read them
 */
export function trustEnv({ caBundle }: PodSettings, variable = 'SSL_CERT_FILE'): Env[] {
  if (caBundle === undefined) return []
  return [{ name: variable, value: `${CA_FOLDER}/${caBundle.key}` }]
}

/** The namespace, where the plan has one. */
export function inNamespace({ namespace }: Pick<K8sPlan, 'namespace'>): { namespace?: string } {
  return namespace === undefined ? {} : { namespace }
}

function sourceOf(mount: Mount): Fields {
  switch (mount.kind) {
    case 'configMap':
      return { configMap: { name: mount.name } }
    case 'secret':
      return { secret: { secretName: mount.name } }
    case 'claim':
      return { persistentVolumeClaim: { claimName: mount.name, readOnly: true } }
    case 'emptyDir':
      return { emptyDir: {} }
  }
}

/** The field, where it holds anything. */
export function unlessEmpty(field: string, value: Fields): Fields {
  return Object.keys(value).length === 0 ? {} : { [field]: value }
}
