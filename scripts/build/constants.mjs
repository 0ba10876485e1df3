import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Modules whose exports are plain data, reckoned once when a bundle is built. k6 runs a script's top level
 * once per VU, but a literal in the script exists once per process.
 */
const RECKONED_BEFORE = ['lib/workload/prompts/all-words.ts']

const namespace = 'constants'

/**
 * Replaces each of those modules by literals of what it exports.
 *
 * @param {import('esbuild').BuildOptions} options of the bundle around
 * @returns {import('esbuild').Plugin}
 */
export function constantModules(options) {
  return {
    name: 'constant modules',
    setup(of) {
      of.onResolve({ filter: /\.ts$/ }, ({ path: name, resolveDir }) => {
        const file = path.relative(root, path.resolve(resolveDir, name)).replaceAll('\\', '/')
        return RECKONED_BEFORE.includes(file) ? { path: file, namespace } : undefined
      })
      of.onLoad({ filter: /$/, namespace }, ({ path: file }) => load(file, options))
    },
  }
}

/**
 * @param {string} file
 * @param {import('esbuild').BuildOptions} options
 * @returns {Promise<import('esbuild').OnLoadResult>}
 */
async function load(file, options) {
  const { outputFiles } = await build({
    ...options,
    entryPoints: [path.join(root, file)],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'room',
    absWorkingDir: root,
    logLevel: 'warning',
  })
  const code = outputFiles.map(({ text }) => text).join('')
  const room = /** @type {Record<string, unknown>} */ (new Function(`${code}\nreturn room`)())
  const literals = Object.entries(room).map(
    ([name, value]) => `export const ${name} = ${JSON.stringify(value)}`,
  )
  return { contents: literals.join('\n'), loader: 'js' }
}
