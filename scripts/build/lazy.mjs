import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Modules that only the first load of a script, `setup()` or the summary use. k6 runs a script's top
 * level once per VU, and its engine creates an object of about 500 bytes for every function there:
 * these modules took more than half of a VU's memory and of the time to create one.
 */
const RARELY_CALLED = [
  'lib/config/parse.ts',
  'lib/config/proxy.ts',
  'lib/config/show.ts',
  'lib/load/arrivals/schedule.ts',
  'lib/load/forecast.ts',
  'lib/load/played.ts',
  'lib/metrics/defs.ts',
  'lib/metrics/thresholds.ts',
  'lib/preflight/index.ts',
  'lib/quality/index.ts',
  'lib/report/index.ts',
  'lib/server-metrics/index.ts',
  'lib/workload/datasets/dataset.ts',
  'lib/workload/prompts/calibrate.ts',
  'lib/traces/gunzip.ts',
  'lib/traces/load.ts',
]

/**
 * @cfworker/json-schema resolves references by URL, which k6's engine lacks. Only in these modules: esbuild lets
 * every file of a bundle call what is injected into one, 250 calls in each VU.
 */
const inject = [fileURLToPath(new URL('schema-url.mjs', import.meta.url))]

const namespace = 'lazy'

/**
 * Wraps each of those modules, with all its imports, in a function that runs on first use. Importers
 * see the same functions; importing an export that is not a function does not compile. Code that such
 * a module shares with the rest is duplicated, so it must not hold shared state.
 *
 * @param {import('esbuild').BuildOptions} options of the bundle around
 * @returns {import('esbuild').Plugin}
 */
export function lazyModules(options) {
  /** @type {Map<string, Promise<import('esbuild').OnLoadResult>>} */
  const made = new Map()
  return {
    name: 'lazy modules',
    setup(of) {
      of.onResolve({ filter: /\.ts$/ }, ({ path: name, resolveDir, kind }) => {
        const file = path.relative(root, path.resolve(resolveDir, name)).replaceAll('\\', '/')
        return kind === 'import-statement' && RARELY_CALLED.includes(file)
          ? { path: file, namespace }
          : undefined
      })
      of.onLoad({ filter: /$/, namespace }, ({ path: file }) => {
        const loaded = made.get(file) ?? load(file, options)
        made.set(file, loaded)
        return loaded
      })
    },
  }
}

/**
 * @param {string} file
 * @param {import('esbuild').BuildOptions} options
 * @returns {Promise<import('esbuild').OnLoadResult>}
 */
async function load(file, options) {
  const { outputFiles, metafile } = await build({
    ...options,
    inject,
    entryPoints: [path.join(root, file)],
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    globalName: 'room',
    absWorkingDir: root,
    logLevel: 'warning',
  })
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports)
  if (outside.length > 0) {
    throw new Error(`${file} imports ${outside.map((of) => of.path).join(', ')}: it cannot be lazy`)
  }
  const code = outputFiles.map(({ text }) => text).join('')
  const exports = functionsOf(code, file).map(
    (name) => `export function ${name}(...args) { return open().${name}(...args) }`,
  )
  const open = `const open = () => (room ??= (() => {\n${code}\nreturn room })())`
  return { contents: ['let room', open, ...exports].join('\n'), loader: 'js' }
}

/**
 * @param {string} code of a module of this repository that has no side effects
 * @param {string} file
 * @returns {string[]} names of the exports that are functions
 */
function functionsOf(code, file) {
  const room = /** @type {Record<string, unknown>} */ (new Function(`${code}\nreturn room`)())
  const names = Object.keys(room).filter((name) => typeof room[name] === 'function')
  if (names.length === 0) throw new Error(`${file} exports no function`)
  return names
}
