import { execFile } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findGo } from '../../setup/index.mjs'

/**
 * Builds one of the Go programs of the benchmarks.
 *
 * @returns its path, in the folder
 * @throws Error when no Go is found, or it does not compile
 */
export async function buildGo(folder: string, name: 'bareclient' | 'benchserver'): Promise<string> {
  const go = findGo()
  if (go === undefined) throw new Error(`k6/cmd/${name} has to be built, and no Go was found`)
  const program = path.join(folder, name)
  const cwd = fileURLToPath(new URL('../../../k6', import.meta.url))
  await promisify(execFile)(go, ['build', '-o', program, `./cmd/${name}`], { cwd })
  return program
}
