import type { BundleFile, ScriptRoute } from './types.ts'

/**
 * Most bytes that Kubernetes takes in the data of a ConfigMap (1 MiB, "Configuration > ConfigMaps").
 * Names of the keys count too.
 */
export const CONFIG_MAP_BYTES = 1024 * 1024

/**
 * Most bytes in the annotations of an object. `kubectl apply` without `--server-side` writes the whole
 * object into one, so larger ConfigMaps are refused there.
 */
export const ANNOTATION_BYTES = 262_144

/** Folder of the bundles in the project's image. */
export const IMAGE_FOLDER = '/k6/dist'

export interface RouteWishes {
  /** What the user asked for; by size when undefined. */
  asked: ScriptRoute['route'] | undefined
  /** Name of the test, which names the ConfigMap. */
  name: string
  /** Claim that already holds the files. */
  claim: string | undefined
  files: readonly BundleFile[]
}

/**
 * Chooses how the script gets into the pods: a ConfigMap as long as it holds everything, else a
 * volume when a claim was named or there are data files, else the image.
 *
 * @returns the route, with the reason in words, or why the one asked for cannot be
 */
export function chooseRoute(wishes: RouteWishes): ScriptRoute | { problem: string } {
  const { asked, name, files, claim } = wishes
  const file = files[0]!.name
  const bytes = files.reduce((sum, { name: key, bytes: size }) => sum + key.length + size, 0)
  const size = `${kib(bytes)} KiB`
  const fits = bytes <= CONFIG_MAP_BYTES
  const limit = `a ConfigMap holds ${kib(CONFIG_MAP_BYTES)} KiB`
  if (asked === 'configMap' && !fits) {
    return { problem: `--script configMap: the files have ${size}, ${limit}` }
  }
  if (asked === 'image' && files.length > 1) {
    return {
      problem:
        '--script image: the image holds the bundles only; use --script claim for data files',
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
