#!/usr/bin/env node
import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { buildCli } from './scripts/build/cli.mjs'
import { forK6 } from './scripts/build/k6-options.mjs'
import { pluginsForK6 } from './scripts/build/plugins.mjs'

const root = path.dirname(fileURLToPath(import.meta.url))

const HELP = `Usage: node build.mjs [--minify] [--out DIR] [NAME ...]

Bundles each scenarios/NAME.ts (default: all) to DIR/NAME.js (default: dist), each standing alone,
and to DIR/buffered/NAME.js, which needs no extension of k6 and cannot measure TTFT, and prints the
sizes; without a NAME also the command-line program (DIR/cli/k6-inference.mjs).`

/**
 * Bundles in `buffered/` need no extension: they go over `k6/http`, which cannot stream.
 *
 * @type {import('esbuild').Plugin}
 */
const buffered = {
  name: 'buffered',
  setup(of) {
    of.onResolve({ filter: /^\.\/transport\.ts$/ }, ({ resolveDir }) =>
      resolveDir === path.join(root, 'lib', 'k6')
        ? { path: path.join(resolveDir, 'buffered-transport.ts') }
        : undefined,
    )
  },
}

/**
 * Bundles scenarios for k6. Every bundle stands alone: its only imports are k6's own modules.
 *
 * @param {object} [options]
 * @param {string} [options.outDir] folder of the bundles, `dist` of the repository by default
 * @param {boolean} [options.minify]
 * @param {readonly string[]} [options.names] scenarios without `.ts`; all of them by default
 * @returns {Promise<{ file: string, bytes: number }[]>} bundles by name, sizes in bytes
 * @throws when a scenario does not exist, does not compile, or imports what k6 does not have
 */
export async function buildScenarios({ outDir, minify = false, names } = {}) {
  const outdir = outDir ?? path.join(root, 'dist')
  const found = await listScenarios()
  const unknown = (names ?? []).filter((name) => !found.includes(name))
  if (unknown.length > 0) {
    throw new Error(`no scenario named ${unknown.join(', ')}; there are: ${found.join(', ')}`)
  }
  const wanted = names && names.length > 0 ? names : found
  await mkdir(outdir, { recursive: true })
  if (wanted === found) {
    for (const folder of [outdir, path.join(outdir, 'buffered')]) await removeStale(folder, found)
  }
  const entryPoints = wanted.map((name) => path.join(root, 'scenarios', `${name}.ts`))
  const streamed = await bundle({ entryPoints, outdir, minify })
  const whole = await bundle({
    entryPoints,
    outdir: path.join(outdir, 'buffered'),
    minify,
    plugins: [buffered],
  })
  const extension = whole.find(({ imports }) => imports.some((name) => name.startsWith('k6/x/')))
  if (extension) throw new Error(`${extension.file} needs an extension`)
  return [...streamed, ...whole].map(({ file, bytes }) => ({ file, bytes }))
}

/** @param {import('esbuild').BuildOptions} options */
async function bundle(options) {
  const { metafile } = await build({
    ...forK6,
    ...options,
    plugins: [
      ...(options.plugins ?? []),
      ...pluginsForK6({ ...forK6, minify: options.minify ?? false }),
    ],
    bundle: true,
    splitting: false,
    metafile: true,
    absWorkingDir: root,
    logLevel: 'warning',
  })
  const bundles = Object.entries(metafile.outputs).map(([file, output]) => {
    const imports = output.imports.map((i) => i.path)
    const strangers = imports.filter((name) => !/^k6(\/|$)/.test(name))
    if (strangers.length > 0) {
      throw new Error(`${file} imports ${strangers.join(', ')}, which k6 does not have`)
    }
    return { file, bytes: output.bytes, imports }
  })
  return bundles.sort((a, b) => a.file.localeCompare(b.file))
}

async function listScenarios() {
  const files = await readdir(path.join(root, 'scenarios')).catch(() => [])
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
}

/**
 * A bundle whose scenario is gone would still run, with old code.
 *
 * @param {string} outdir
 * @param {readonly string[]} names
 */
async function removeStale(outdir, names) {
  const old = (await readdir(outdir).catch(() => [])).filter((file) => file.endsWith('.js'))
  const stale = old.filter((file) => !names.includes(file.slice(0, -'.js'.length)))
  await Promise.all(stale.map((file) => rm(path.join(outdir, file))))
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      minify: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  const outDir = values.out === undefined ? path.join(root, 'dist') : path.resolve(values.out)
  const bundles = await buildScenarios({
    minify: values.minify,
    names: positionals,
    outDir,
  })
  if (positionals.length === 0) bundles.push(await buildCli(outDir))
  for (const { file, bytes } of bundles) {
    console.log(`${file.padEnd(32)} ${(bytes / 1024).toFixed(1).padStart(8)} KiB`)
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await main()
  } catch (error) {
    // esbuild has already printed where and what.
    const { errors, message } = /** @type {Error & { errors?: unknown[] }} */ (error)
    console.error(errors ? 'build failed, see above' : `build: ${message}`)
    process.exitCode = 1
  }
}
