import { parse } from 'yaml'
import type { Mount, PodSettings, Toleration } from './types.ts'

/** An option of `k6-inference k8s` about the pods themselves, as an SRE sets them for any workload. */
interface PodOption {
  /** What follows the option on the command line. */
  value: string
  meaning: string
  accepted: string
  /** Whether it may be repeated. */
  many: boolean
  /** Takes one given text into the settings; false if the text is not accepted. */
  take(settings: PodSettings, text: string): boolean
}

const LABEL_KEY =
  /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/
const NAME = /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/
const IMAGE = /^[\w.:/@-]+$/
const PATH = /^(\/(?!\.\.?(\/|$))[\w.-]+)+$/
/** Folders that the test itself uses. */
const TAKEN = /^\/(results|test|k6|tmp)(\/|$)/
const POLICIES = ['Always', 'IfNotPresent', 'Never']
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
const AFFINITIES = ['nodeAffinity', 'podAffinity', 'podAntiAffinity']

/** All of them, by name. A new one is a row here and a field in {@link PodSettings}. */
export const POD_OPTIONS = {
  'image-pull-secret': {
    value: 'NAME',
    meaning: 'Secret with which images are pulled',
    accepted: 'the name of a Secret',
    many: true,
    take: (to, text) => NAME.test(text) && Boolean(to.imagePullSecrets.push(text)),
  },
  'image-pull-policy': {
    value: 'POLICY',
    meaning: `${POLICIES.join(', ')}`,
    accepted: POLICIES.join(', '),
    many: false,
    take: (to, text) => POLICIES.includes(text) && set(to, 'imagePullPolicy', text),
  },
  'starter-image': {
    value: 'IMAGE',
    meaning: 'image with curl, which starts the pods (default: the operator’s own)',
    accepted: 'the name of an image',
    many: false,
    take: (to, text) => IMAGE.test(text) && set(to, 'starterImage', text),
  },
  'initializer-image': {
    value: 'IMAGE',
    meaning: 'image that checks the script (default: --image)',
    accepted: 'the name of an image',
    many: false,
    take: (to, text) => IMAGE.test(text) && set(to, 'initializerImage', text),
  },
  'node-selector': {
    value: 'KEY=VALUE',
    meaning: 'nodes that may run the pods',
    accepted: 'KEY=VALUE, a label',
    many: true,
    take: (to, text) => label(to.nodeSelector, text),
  },
  toleration: {
    value: 'KEY[=VALUE][:EFFECT]',
    meaning: 'taint that the pods tolerate',
    accepted: `KEY[=VALUE][:EFFECT], EFFECT one of ${EFFECTS.join(', ')}`,
    many: true,
    take(to, text) {
      const toleration = readToleration(text)
      return toleration !== undefined && Boolean(to.tolerations.push(toleration))
    },
  },
  spread: {
    value: 'KEY',
    meaning: 'spread the pods over e.g. topology.kubernetes.io/zone, as far as nodes allow',
    accepted: 'the key of a node label',
    many: true,
    take: (to, text) => LABEL_KEY.test(text) && Boolean(to.spread.push(text)),
  },
  affinity: {
    value: 'YAML',
    meaning: 'affinity of the pods, in YAML or JSON: "$(cat affinity.yaml)"',
    accepted: `an object with ${AFFINITIES.join(', ')}`,
    many: false,
    take(to, text) {
      const affinity = readAffinity(text)
      return affinity !== undefined && set(to, 'affinity', affinity)
    },
  },
  'priority-class': {
    value: 'NAME',
    meaning: 'PriorityClass of the pods',
    accepted: 'the name of a PriorityClass',
    many: false,
    take: (to, text) => NAME.test(text) && set(to, 'priorityClass', text),
  },
  'service-account': {
    value: 'NAME',
    meaning: 'ServiceAccount of the pods; its token is not mounted',
    accepted: 'the name of a ServiceAccount',
    many: false,
    take: (to, text) => NAME.test(text) && set(to, 'serviceAccount', text),
  },
  label: {
    value: 'KEY=VALUE',
    meaning: 'label of jobs and pods, e.g. sidecar.istio.io/inject=false',
    accepted: 'KEY=VALUE, a label; the operator sets app, k6_cr and runner',
    many: true,
    take: (to, text) => !/^(app|k6_cr|runner)=/.test(text) && label(to.labels, text),
  },
  annotation: {
    value: 'KEY=VALUE',
    meaning: 'annotation of jobs and pods, e.g. linkerd.io/inject=disabled',
    accepted: 'KEY=VALUE',
    many: true,
    take(to, text) {
      const [key, value] = pair(text)
      if (!LABEL_KEY.test(key) || value === undefined) return false
      to.annotations[key] = value
      return true
    },
  },
  user: {
    value: 'UID[:GID]|none',
    meaning: 'user of the pods (default 12345); none leaves it to the cluster, as on OpenShift',
    accepted: 'a number above 0, two of them with a colon between, or none',
    many: false,
    take(to, text) {
      if (text === 'none') return set(to, 'user', 'none')
      const [, uid, gid] = /^([1-9]\d{0,8})(?::(\d{1,9}))?$/.exec(text) ?? []
      return uid !== undefined && set(to, 'user', { uid: Number(uid), gid: Number(gid ?? uid) })
    },
  },
  mount: {
    value: 'KIND/NAME:PATH',
    meaning: 'more files: a configMap, secret or claim by name, or emptyDir:PATH',
    accepted:
      'configMap/NAME:PATH, secret/NAME:PATH, claim/NAME:PATH or emptyDir:PATH, each PATH once and not below /results, /test, /k6, /tmp',
    many: true,
    take(to, text) {
      const mount = readMount(text)
      if (mount === undefined || to.mounts.some(({ path }) => path === mount.path)) return false
      to.mounts.push(mount)
      return true
    },
  },
  'ca-bundle': {
    value: 'KIND/NAME/KEY',
    meaning: 'certificates to trust, from a configMap or secret',
    accepted: 'configMap/NAME/KEY or secret/NAME/KEY',
    many: false,
    take(to, text) {
      const [, kind, name = '', key = ''] =
        /^(configMap|secret)\/([^/]+)\/([\w.-]+)$/.exec(text) ?? []
      if (kind === undefined || !NAME.test(name)) return false
      return set(to, 'caBundle', { kind: kind as 'configMap' | 'secret', name, key })
    },
  },
} as const satisfies Record<string, PodOption>

type Name = keyof typeof POD_OPTIONS

/** For `parseArgs`. */
export const POD_ARGS = Object.fromEntries(
  Object.keys(POD_OPTIONS).map((name) => [name, { type: 'string', multiple: true, default: [] }]),
) as unknown as Record<Name, { type: 'string'; multiple: true; default: string[] }>

/** Lines of the help text. */
export function podOptionsHelp(): string {
  const rows: [string, PodOption][] = Object.entries(POD_OPTIONS)
  return rows
    .map(([name, { value, meaning, many }]) => {
      const head = `  --${name} ${value}`
      const gap = head.length < 25 ? ' '.repeat(26 - head.length) : `\n${' '.repeat(26)}`
      return `${head}${gap}${meaning}${many ? '; may be repeated' : ''}`
    })
    .join('\n')
}

/** Settings that change nothing. */
export function noSettings(): PodSettings {
  return {
    imagePullSecrets: [],
    imagePullPolicy: undefined,
    starterImage: undefined,
    initializerImage: undefined,
    nodeSelector: {},
    tolerations: [],
    spread: [],
    affinity: undefined,
    priorityClass: undefined,
    serviceAccount: undefined,
    labels: {},
    annotations: {},
    user: undefined,
    mounts: [],
    caBundle: undefined,
  }
}

/**
 * Reads the options about pods.
 *
 * @param given the texts of each option, in their order
 * @param say takes each problem, in words
 */
export function readPodOptions(
  given: Readonly<Partial<Record<Name, readonly string[]>>>,
  say: (problem: string) => void,
): PodSettings {
  const settings = noSettings()
  const rows: [string, PodOption][] = Object.entries(POD_OPTIONS)
  for (const [name, { accepted, many, take }] of rows) {
    const texts = given[name as Name] ?? []
    if (!many && texts.length > 1) say(`--${name}: given ${texts.length} times; accepted: once`)
    for (const text of texts) {
      if (!take(settings, text)) say(`--${name} ${text}: accepted: ${accepted}`)
    }
  }
  return settings
}

function set<Key extends keyof PodSettings>(
  settings: PodSettings,
  key: Key,
  value: NonNullable<PodSettings[Key]>,
): true {
  settings[key] = value
  return true
}

function pair(text: string): [key: string, value: string | undefined] {
  const at = text.indexOf('=')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function label(to: Record<string, string>, text: string): boolean {
  const [key, value] = pair(text)
  if (!LABEL_KEY.test(key) || value === undefined || !LABEL_VALUE.test(value)) return false
  to[key] = value
  return true
}

function readToleration(text: string): Toleration | undefined {
  const [, key = '', value, effect] = /^([^=:]+)(?:=([^:]*))?(?::(\w+))?$/.exec(text) ?? []
  if (!LABEL_KEY.test(key) || !LABEL_VALUE.test(value ?? '')) return undefined
  if (effect !== undefined && !EFFECTS.includes(effect)) return undefined
  return {
    key,
    ...(value === undefined ? { operator: 'Exists' } : { operator: 'Equal', value }),
    ...(effect === undefined ? {} : { effect }),
  }
}

function readAffinity(text: string): Record<string, unknown> | undefined {
  let read: unknown
  try {
    read = parse(text, { maxAliasCount: 0 })
  } catch {
    return undefined
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return undefined
  const keys = Object.keys(read)
  const known = keys.length > 0 && keys.every((key) => AFFINITIES.includes(key))
  return known ? (read as Record<string, unknown>) : undefined
}

function readMount(text: string): Mount | undefined {
  const [, kind, name, path = ''] =
    /^(?:(configMap|secret|claim)\/([^/:]+)|emptyDir):(.+)$/.exec(text) ?? []
  if (!PATH.test(path) || TAKEN.test(path)) return undefined
  if (kind === undefined) return { kind: 'emptyDir', path }
  if (!NAME.test(name ?? '')) return undefined
  return { kind: kind as 'configMap' | 'secret' | 'claim', name: name!, path }
}
