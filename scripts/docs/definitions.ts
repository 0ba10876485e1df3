import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { ShapeName } from '../../lib/config/index.ts'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..')

/** A scenario as its file describes it. */
export interface ScenarioDoc {
  name: string
  shape: ShapeName
  defaults: Record<string, string>
  /** Its comment, as one line. */
  meaning: string
}

/** Loads every file in `scenarios/` with `defineTest` replaced by a stub that returns its options. */
export async function scenarioDocs(): Promise<ScenarioDoc[]> {
  const folder = path.join(root, 'scenarios')
  const names = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort()
  const outdir = await mkdtemp(path.join(tmpdir(), 'k6-inference-docs-'))
  try {
    await build({
      entryPoints: names.map((file) => path.join(folder, file)),
      outdir,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'error',
      plugins: [
        {
          name: 'look-only',
          setup(build) {
            build.onResolve({ filter: /lib\/k6\/index\.ts$/ }, () => {
              return { path: 'k6', namespace: 'look' }
            })
            build.onLoad({ filter: /.*/, namespace: 'look' }, () => {
              return { contents: 'export const defineTest = (options) => ({ options })' }
            })
          },
        },
      ],
    })
    return await Promise.all(names.map((file) => scenarioDoc(folder, file, outdir)))
  } finally {
    await rm(outdir, { recursive: true, force: true })
  }
}

async function scenarioDoc(folder: string, file: string, outdir: string): Promise<ScenarioDoc> {
  const name = file.slice(0, -'.ts'.length)
  const bundle = pathToFileURL(path.join(outdir, `${name}.mjs`)).href
  const { options } = (await import(bundle)) as { options: ScenarioDoc }
  if (options.name !== name) throw new Error(`scenarios/${file} calls itself ${options.name}`)
  const comment = /\/\*\*([\s\S]*?)\*\/\s*const test/.exec(
    await readFile(path.join(folder, file), 'utf8'),
  )
  const meaning = (comment?.[1] ?? '')
    .replace(/^\s*\* ?/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (meaning === '') throw new Error(`scenarios/${file} does not say what it is for`)
  return { name, shape: options.shape, defaults: options.defaults ?? {}, meaning }
}
