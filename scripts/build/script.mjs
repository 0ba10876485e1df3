#!/usr/bin/env node
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { rolldown } from 'rolldown'
import { dts } from 'rolldown-plugin-dts'
import { forK6 } from './k6-options.mjs'
import { pluginsForK6 } from './plugins.mjs'
import { declarations } from './lib.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * What a script of one's own imports from the one file.
 *
 * @param {string} ending of the rooms' index files
 */
const exportsOf = (ending) => `export * from './k6/index.${ending}'
export * from './workload/index.${ending}'
export { selector } from './metrics/index.${ending}'
`

/**
 * Builds what a script of one's own needs beside it, to DIR/script: the whole library in one file that k6 runs
 * as it is, its types in another, and a script to begin with (also for `k6 new --template`).
 *
 * @param {string} outDir
 * @throws when it does not compile
 */
export async function buildScript(outDir) {
  const outdir = path.join(outDir, 'script')
  await mkdir(outdir, { recursive: true })
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))
  const banner = `// k6-inference ${version}, for scripts in this folder: import { defineTest } from './k6-inference.js'`
  await build({
    ...forK6,
    stdin: { contents: exportsOf('ts'), resolveDir: path.join(root, 'lib'), loader: 'ts' },
    outfile: path.join(outdir, 'k6-inference.js'),
    bundle: true,
    banner: { js: banner },
    plugins: pluginsForK6(forK6),
    absWorkingDir: root,
    logLevel: 'warning',
  })
  await writeFile(path.join(outdir, 'k6-inference.d.ts'), `${banner}\n${await types()}`)
  await copyFile(path.join(root, 'templates', 'script.ts'), path.join(outdir, 'template.ts'))
}

/** All declarations in one text; what they take from k6 and zod stays an import. */
async function types() {
  const folder = await mkdtemp(path.join(root, '.declarations-'))
  try {
    await declarations(folder)
    const entry = path.join(folder, 'entry.d.ts')
    await writeFile(entry, exportsOf('d.ts'))
    const bundle = await rolldown({
      input: entry,
      external: [/^k6(\/|$)/, /^zod(\/|$)/],
      plugins: [dts({ dtsInput: true, tsconfig: false })],
      checks: { bundlerTimings: false },
    })
    const { output } = await bundle.generate({ format: 'es' })
    await bundle.close()
    return output.flatMap((file) => (file.type === 'chunk' ? [file.code] : [])).join('\n')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildScript(process.argv[2] ?? path.join(root, 'dist'))
}
