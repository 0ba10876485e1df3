import { existsSync } from 'node:fs'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { InputError, TERMINAL } from '../command.ts'
import type { Terminal } from '../command.ts'
import { findScript } from '../k6-process/index.ts'
import { readJson } from '../run-folder/index.ts'
import { kustomizeBase } from './kustomize.ts'
import { manifestsOf, toYaml, type Manifests } from './manifests.ts'
import { notesOn } from './notes.ts'
import { HELP } from './help.ts'
import { readOptions } from './options.ts'
import type { K8sOptions } from './options.ts'
import { chooseRoute, CONFIG_MAP_BYTES } from './route.ts'
import { main as run } from './run/index.ts'
import { sizeOf, UNCHECKED } from './size.ts'
import type { BundleFile, K8sPlan } from './types.ts'

/**
 * `k6-inference k8s`: manifests to standard output, notes and problems to standard error.
 *
 * @returns exit code: 0, or 2 when the command line or the script cannot be used
 */
export async function main(
  argv: readonly string[],
  terminal: Terminal = TERMINAL,
): Promise<number> {
  if (argv[0] === 'run') return run(argv.slice(1), terminal)
  const read = readOptions(argv)
  if (!read.ok) {
    if (read.help) terminal.out(`${HELP}\n`)
    else fail(read.problems, terminal)
    return read.help ? 0 : 2
  }
  const options = { ...read.options, variables: await withCalibration(read.options) }
  const bundle = await bundleOf(options.scenario)
  if ('problem' in bundle) return fail([bundle.problem], terminal)
  const missing = options.files.filter((file) => !existsSync(file))
  if (missing.length > 0) {
    return fail(
      missing.map((file) => `--file ${file}: no such file`),
      terminal,
    )
  }
  const files = await Promise.all([bundle.path, ...options.files].map(load))
  const same = files.find(({ name }, i) => files.findIndex((file) => file.name === name) !== i)
  if (same) {
    return fail([`two files are named ${same.name}; all files go into one folder`], terminal)
  }
  const { name, claim } = options
  const script = chooseRoute({ asked: options.script, name, claim, files })
  if ('problem' in script) return fail([script.problem], terminal)
  const sized = options.inspect ? await sizeOf([bundle.path, ...options.files], options) : UNCHECKED
  if ('problems' in sized) return fail(sized.problems, terminal)
  const plan: K8sPlan = { ...options, files, script, memory: options.memory ?? sized.memory }
  if (plan.kustomize === true) await writeFiles(kustomizeBase(plan), options.out!)
  else await write(manifestsOf(plan), options.out)
  for (const note of [...notesOn(plan), ...sized.notes]) terminal.note(`${note}\n`)
  return 0
}

async function writeFiles(files: Readonly<Record<string, string>>, out: string): Promise<void> {
  await mkdir(out, { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(out, name), text)
}

async function write({ script, test }: Manifests, out: string | undefined): Promise<void> {
  if (out === undefined) {
    // Not `out`: data files in a ConfigMap stay as they are.
    process.stdout.write(toYaml([...script, ...test]))
    return
  }
  const holder = script.length > 0 ? { 'script.yaml': toYaml(script) } : {}
  await writeFiles({ ...holder, 'test.yaml': toYaml(test) }, out)
}

function fail(problems: readonly string[], terminal: Terminal): number {
  for (const problem of problems) terminal.note(`k8s: ${problem}\n`)
  return 2
}

/** Path of a scenario's bundle, the one file that pods get. */
async function bundleOf(scenario: string): Promise<{ path: string } | { problem: string }> {
  try {
    const found = await findScript(scenario)
    return found.endsWith('.js')
      ? { path: found }
      : { problem: `${scenario}: accepted: a bundle (.js), or the name of a scenario` }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { problem: error.message }
  }
}

/**
 * A calibration is short and its text is a value of the variable, too: so it goes with any route of the
 * script, and all pods have the same.
 */
async function withCalibration({ variables, files }: K8sOptions): Promise<Record<string, string>> {
  const { CALIBRATION: given } = variables
  if (given === undefined || !existsSync(given)) return variables
  if (files.some((file) => path.basename(file) === given)) return variables
  return { ...variables, CALIBRATION: JSON.stringify(await readJson(given)) }
}

async function load(file: string): Promise<BundleFile> {
  const { size: bytes } = await stat(file)
  const name = path.basename(file)
  if (bytes > CONFIG_MAP_BYTES) return { name, bytes, text: undefined }
  return { name, bytes, text: await readFile(file, 'utf8') }
}
