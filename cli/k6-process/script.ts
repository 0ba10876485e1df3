import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '../command.ts'

/** Root of the repository or package. Searched upwards, as the bundled program lies deeper than its source. */
export function packageRoot(from = path.dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json')
    if (existsSync(file)) {
      const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }
      if (name === 'k6-inference') return folder
    }
    if (path.dirname(folder) === folder) {
      throw new InputError(`${from}: the program lies outside of its package`)
    }
  }
}

/**
 * Finds the script to run: a file as it is, or a scenario by its name. A scenario is bundled first if
 * it has no bundle, or if its source is newer: figures would otherwise be those of an older program.
 * @throws InputError for a name that is neither, with the list of scenarios
 */
export async function findScript(named: string, root = packageRoot()): Promise<string> {
  if (/\.(js|ts|tar)$/.test(named) || named.includes(path.sep)) {
    if (!existsSync(named)) throw new InputError(`${named}: there is no such script`)
    return path.resolve(named)
  }
  const bundle = path.join(root, 'dist', `${named}.js`)
  const source = path.join(root, 'scenarios', `${named}.ts`)
  if (!existsSync(source)) {
    if (existsSync(bundle)) return bundle
    throw new InputError(
      `no scenario named ${JSON.stringify(named)}; there are ${scenarios(root).join(', ')}`,
    )
  }
  if (!existsSync(bundle) || changedSince(bundle, [source, path.join(root, 'lib')])) {
    await runBuild(root, ['build.mjs', named], `the scenario ${named}`)
  }
  return bundle
}

/** Files that a script of one's own begins with: absolute paths. */
export interface ScriptParts {
  /** The script. */
  template: string
  /** The library that it imports, in one file. */
  library: string
  /** The library's types. */
  types: string
}

/** Finds them; in a clone they are built first where they are missing, or older than their source. */
export async function scriptParts(root = packageRoot()): Promise<ScriptParts> {
  const [template, library, types] = ['template.ts', 'k6-inference.js', 'k6-inference.d.ts'].map(
    (file) => path.join(root, 'dist', 'script', file),
  ) as [string, string, string]
  const sources = ['lib', path.join('templates', 'script.ts')].map((of) => path.join(root, of))
  const stale = existsSync(sources[0] as string)
    ? !existsSync(types) || changedSince(types, sources)
    : false
  if (stale) await runBuild(root, [path.join('scripts', 'build', 'script.mjs')], 'the library')
  return { template, library, types }
}

/** Whether any of these files, or any file below these folders, is newer than the bundle. */
function changedSince(bundle: string, sources: readonly string[]): boolean {
  const builtMs = statSync(bundle).mtimeMs
  return sources
    .flatMap((source) =>
      statSync(source).isDirectory()
        ? readdirSync(source, { recursive: true, encoding: 'utf8' }).map((name) =>
            path.join(source, name),
          )
        : [source],
    )
    .some((file) => statSync(file).mtimeMs > builtMs)
}

function scenarios(root: string): string[] {
  const list = (folder: string, ending: string) =>
    existsSync(path.join(root, folder))
      ? readdirSync(path.join(root, folder))
          .filter((file) => file.endsWith(ending))
          .map((file) => file.slice(0, -ending.length))
      : []
  return [...new Set([...list('scenarios', '.ts'), ...list('dist', '.js')])].sort()
}

/** What a build says is shown only where it fails. @param what is built, for the message then */
function runBuild(root: string, args: readonly string[], what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new InputError(`building ${what} failed:\n${said}`)),
    )
  })
}
