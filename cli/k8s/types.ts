/** A Kubernetes object as it goes into YAML. */
export interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name?: string; generateName?: string; namespace?: string; [key: string]: unknown }
  [key: string]: unknown
}

/** A file that the script needs beside it, or the bundle itself. */
export interface BundleFile {
  /** Name in the folder of the script; `open()` finds it there. */
  name: string
  bytes: number
  /** Text of the file; undefined if it is too large for a ConfigMap and was not read. */
  text: string | undefined
}

export interface SecretRef {
  /** Environment variable that gets the value. */
  variable: string
  secret: string
  key: string
}

/** Where the pods find the script. */
export type ScriptRoute =
  | { route: 'configMap'; name: string; file: string; why: string }
  /** `create`: the claim does not exist yet. */
  | { route: 'claim'; name: string; file: string; create: boolean; why: string }
  | { route: 'image'; path: string; why: string }

export interface Schedule {
  /** Five cron fields. */
  cron: string
  /** IANA name; the cluster's own zone when undefined. */
  timeZone: string | undefined
  kubectlImage: string
  /** The Job does not only create the run, but collects and judges it. */
  collect: Collect | undefined
}

export interface Collect {
  /** Image with the command-line program and kubectl. */
  image: string
  /** Path of the baseline, in the Job's pod. */
  gate: string | undefined
  tolerances: readonly string[]
  push: Push | undefined
}

/** Where the collected results go, besides the volume. */
export interface Push {
  /** Undefined: the Secret's PUSH_URL. */
  url: string | undefined
  /** Secret whose keys become the Job's environment: keys of the bucket, headers. */
  secret: string | undefined
}

/** A volume of the user's, mounted for reading unless it is empty. */
export type Mount =
  | { kind: 'configMap' | 'secret' | 'claim'; name: string; path: string }
  | { kind: 'emptyDir'; path: string }

export interface Toleration {
  key: string
  operator: string
  value?: string
  effect?: string
}

/** How pods are run, whatever they run: each field is an option of `k6-inference k8s`. */
export interface PodSettings {
  imagePullSecrets: string[]
  imagePullPolicy: string | undefined
  starterImage: string | undefined
  initializerImage: string | undefined
  nodeSelector: Record<string, string>
  tolerations: Toleration[]
  /** Node labels over whose values the pods are spread. */
  spread: string[]
  affinity: Record<string, unknown> | undefined
  priorityClass: string | undefined
  serviceAccount: string | undefined
  labels: Record<string, string>
  annotations: Record<string, string>
  /** `none` leaves the user to the cluster. */
  user: { uid: number; gid: number } | 'none' | undefined
  mounts: Mount[]
  caBundle: { kind: 'configMap' | 'secret'; name: string; key: string } | undefined
}

/** Everything the manifests are built from; validated, but not checked against a cluster. */
export interface K8sPlan {
  name: string
  namespace: string | undefined
  /** Image with k6 and the socket module, for runners and initializer. */
  image: string
  parallelism: number
  /** Pods on different nodes. */
  separate: boolean
  /** Delete the TestRun's jobs and pods when it ends. */
  cleanup: boolean
  files: readonly BundleFile[]
  script: ScriptRoute
  /** Variables of the scenario. */
  variables: Readonly<Record<string, string>>
  /** Whether the variables lie in a ConfigMap of their own, which overlays of Kustomize can change. */
  kustomize?: boolean
  secrets: readonly SecretRef[]
  cpu: string
  memory: string
  pods: PodSettings
  /** Prometheus remote-write address. */
  prometheus: string | undefined
  /** Claim for the results, one folder per pod. */
  resultsClaim: string | undefined
  schedule: Schedule | undefined
}
