#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { forK6 } from './k6-options.mjs'
import { pluginsForK6 } from './plugins.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Rooms that users' scripts may import as `k6-inference/ROOM`; `k6` is the package itself. */
export const ROOMS = [
  'config',
  'exchange',
  'k6',
  'load',
  'metrics',
  'protocols',
  'quality',
  'records',
  'report',
  'workload',
]

/**
 * Builds the library of the npm package to DIR/lib: JavaScript for any bundler, with this project's
 * dependencies bundled in, and type declarations.
 *
 * @param {string} outDir
 * @throws when it does not compile
 */
export async function buildLib(outDir) {
  const outdir = path.join(outDir, 'lib')
  await rm(outdir, { recursive: true, force: true })
  await build({
    ...forK6,
    entryPoints: ROOMS.map((room) => ({
      in: path.join(root, 'lib', room, 'index.ts'),
      out: `${room}/index`,
    })),
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: 'shared/[name]-[hash]',
    plugins: pluginsForK6(forK6),
    absWorkingDir: root,
    logLevel: 'warning',
  })
  await declarations(outdir)
}

/** Type declarations of all rooms, a file each. @param {string} outDir */
export async function declarations(outDir) {
  const folder = await mkdtemp(path.join(root, '.declarations-'))
  try {
    const config = path.join(folder, 'tsconfig.json')
    const options = {
      extends: path.join(root, 'tsconfig.json'),
      include: [path.join(root, 'lib'), path.join(root, 'types')],
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rewriteRelativeImportExtensions: true,
        rootDir: path.join(root, 'lib'),
        outDir,
      },
    }
    await writeFile(config, JSON.stringify(options))
    const tsc = createRequire(import.meta.url).resolve('typescript/package.json')
    const bin = path.join(path.dirname(tsc), 'bin', 'tsc')
    await new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [bin, '-p', config], { cwd: root, stdio: 'inherit' })
      child.on('error', reject)
      child.on('close', (code) =>
        code === 0 ? resolve(undefined) : reject(new Error(`tsc: ${code}`)),
      )
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildLib(process.argv[2] ?? path.join(root, 'dist'))
}
