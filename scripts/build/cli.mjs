import { chmod, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildPage } from './page.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Bundles the command-line program to DIR/cli/k6-inference.mjs. It starts without a TypeScript loader
 * and needs only the repository's own files (scenarios, the Go module).
 *
 * @param {string} outDir
 * @returns {Promise<{ file: string, bytes: number }>}
 */
export async function buildCli(outDir) {
  const outfile = path.join(outDir, 'cli', 'k6-inference.mjs')
  await mkdir(path.dirname(outfile), { recursive: true })
  const { metafile } = await build({
    entryPoints: [path.join(root, 'cli', 'bin.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'node20',
    platform: 'node',
    // Bundled CommonJS packages load Node's modules with `require`.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'\nconst require = __createRequire(import.meta.url)",
    },
    external: ['esbuild'],
    metafile: true,
    absWorkingDir: root,
    logLevel: 'warning',
  })
  await chmod(outfile, 0o755)
  const page = await buildPage()
  await writeFile(path.join(path.dirname(outfile), 'page.js'), page.script)
  await writeFile(path.join(path.dirname(outfile), 'page.css'), page.style)
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0)
  return { file: path.relative(root, outfile), bytes }
}
