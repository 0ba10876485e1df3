import type { BundleFile, ScriptRoute } from './types.ts'

/**
 * Kubernetes' limit on the data of a ConfigMap (1 MiB, "Configuration > ConfigMaps"). Key names count
 * too.
 */
export const CONFIG_MAP_BYTES = 1024 * 1024

/**
 * Kubernetes' limit on an object's annotations. `kubectl apply` without `--server-side` writes the
 * whole object into one, so it refuses larger ConfigMaps.
 */
export const ANNOTATION_BYTES = 262_144

/** Folder of the bundles in the project's image. */
export const IMAGE_FOLDER = '/k6/dist'

export interface RouteWishes {
  /** The user's choice; undefined chooses by size. */
  asked: ScriptRoute['route'] | undefined
  /** Name of the test, which names the ConfigMap. */
  name: string
  /** Claim that already holds the files. */
  claim: string | undefined
  files: readonly BundleFile[]
}

/**
 * Chooses how the script gets into the pods: a named claim; a ConfigMap if everything fits; else a new
 * claim if there are data files, or the image.
 *
 * @returns the route, with the reason in words, or why the requested one is impossible
 */
export function chooseRoute(wishes: RouteWishes): ScriptRoute | { problem: string } {
  const { asked, name, files, claim } = wishes
  const file = files[0]!.name
  const bytes = files.reduce((sum, { name: key, bytes: size }) => sum + key.length + size, 0)
  const size = `${kib(bytes)} KiB`
  const fits = bytes <= CONFIG_MAP_BYTES
  const limit = `a ConfigMap holds ${kib(CONFIG_MAP_BYTES)} KiB`
  if (asked === 'configMap' && !fits) {
    return { problem: `--script configMap: the files take ${size}, ${limit}` }
  }
  if (asked === 'image' && files.length > 1) {
    return {
      problem:
        '--script image: the image holds only the bundles; use --script claim for data files',
    }
  }
  const route =
    asked ?? (claim ? 'claim' : fits ? 'configMap' : files.length > 1 ? 'claim' : 'image')
  const reason = asked ? 'asked for' : claim ? 'a claim was named' : `${size}, ${limit}`
  if (route === 'configMap') return { route, name: `${name}-script`, file, why: reason }
  if (route === 'image') return { route, path: `${IMAGE_FOLDER}/${file}`, why: reason }
  return { route, name: claim ?? `${name}-script`, file, create: claim === undefined, why: reason }
}

function kib(bytes: number): string {
  return String(Math.ceil(bytes / 1024))
}
