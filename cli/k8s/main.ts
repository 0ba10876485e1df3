import { existsSync } from 'node:fs'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { InputError } from '../command.ts'
import { findK6, findScript } from '../k6-process/index.ts'
import { inspect } from './inspect.ts'
import { readJson } from '../run-folder/index.ts'
import { manifestsOf, toYaml, type Manifests } from './manifests.ts'
import { inWords, memoryProblem, memoryQuantity, podNeeds } from './memory.ts'
import { notesOn } from './notes.ts'
import { HELP, readOptions } from './options.ts'
import type { K8sOptions } from './options.ts'
import { chooseRoute, CONFIG_MAP_BYTES } from './route.ts'
import { main as run } from './run/index.ts'
import type { BundleFile, K8sPlan } from './types.ts'
import { vuProblems } from './vus.ts'

/**
 * `k6-inference k8s`: manifests to standard output, notes and problems to standard error.
 *
 * @returns exit code: 0, or 2 when the command line or the script cannot be used
 */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'run') return run(argv.slice(1))
  const read = readOptions(argv)
  if (!read.ok) {
    if (read.help) console.log(HELP)
    else fail(read.problems)
    return read.help ? 0 : 2
  }
  const options = { ...read.options, variables: await withCalibration(read.options) }
  const bundle = await bundleOf(options.scenario)
  if ('problem' in bundle) return fail([bundle.problem])
  const missing = options.files.filter((file) => !existsSync(file))
  if (missing.length > 0) return fail(missing.map((file) => `--file ${file}: no such file`))
  const files = await Promise.all([bundle.path, ...options.files].map(load))
  const same = files.find(({ name }, i) => files.findIndex((file) => file.name === name) !== i)
  if (same) return fail([`two files are named ${same.name}; all files go into one folder`])
  const { name, claim } = options
  const script = chooseRoute({ asked: options.script, name, claim, files })
  if ('problem' in script) return fail([script.problem])
  const sized = options.inspect ? await sizeOf([bundle.path, ...options.files], options) : UNCHECKED
  if ('problems' in sized) return fail(sized.problems)
  const plan: K8sPlan = { ...options, files, script, memory: options.memory ?? sized.memory }
  await write(manifestsOf(plan), options.out)
  for (const note of [...notesOn(plan), ...sized.notes]) console.error(note)
  return 0
}

/** Memory that each pod needs, and what the user should know about it. */
interface Sized {
  /** A quantity, such as 960Mi. */
  memory: string
  notes: string[]
}

const UNCHECKED: Sized = {
  memory: '1Gi',
  notes: ['note: not checked whether every pod gets VUs and has memory for them (--no-inspect)'],
}

async function write({ script, test }: Manifests, out: string | undefined): Promise<void> {
  if (out === undefined) {
    process.stdout.write(toYaml([...script, ...test]))
    return
  }
  await mkdir(out, { recursive: true })
  if (script.length > 0) await writeFile(path.join(out, 'script.yaml'), toYaml(script))
  await writeFile(path.join(out, 'test.yaml'), toYaml(test))
}

function fail(problems: readonly string[]): number {
  for (const problem of problems) console.error(`k8s: ${problem}`)
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

async function sizeOf(
  files: readonly string[],
  options: K8sOptions,
): Promise<Sized | { problems: string[] }> {
  const { parallelism, variables, memory } = options
  let requirements
  try {
    const k6 = await findK6()
    requirements = await inspect(k6.path, files, variables)
  } catch (error) {
    const { message } = error as Error
    return { problems: [`k6 cannot read the script with these variables: ${message}`] }
  }
  const needs = podNeeds(requirements, parallelism, variables)
  const small = memory === undefined ? undefined : memoryProblem(needs, memory, parallelism)
  const problems = [
    ...vuProblems(requirements, parallelism),
    ...(small === undefined ? [] : [small]),
  ]
  if (problems.length > 0) return { problems }
  const enough = memoryQuantity(needs)
  return { memory: enough, notes: [`note: each pod needs ${enough}: ${inWords(needs)}`] }
}
