import { readFile } from 'node:fs/promises'
import { parseAllDocuments } from 'yaml'
import { InputError } from '../../command.ts'
import type { Manifest } from '../types.ts'

export interface TestRunFile {
  /** Without `cleanup`: what it would delete is still to be read. */
  manifest: Manifest
  parallelism: number
  /** Whether pods write their records to a volume instead of their logs. */
  onVolume: boolean
}

/**
 * Reads the TestRun that `k6-inference k8s` has written.
 * @throws InputError for a file that holds anything else
 */
export async function readTestRun(file: string): Promise<TestRunFile> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new InputError(`${file}: cannot be read: ${error.message}`)
  })
  const documents = parseAllDocuments(text, { version: '1.1' })
  const [error] = documents.flatMap(({ errors }) => errors)
  if (error !== undefined) throw new InputError(`${file}: is not YAML: ${error.message}`)
  const objects = documents.map((document) => document.toJS() as Partial<Manifest> | null)
  const kinds = objects.map((object) => object?.kind ?? 'nothing')
  if (kinds.join() !== 'TestRun') {
    throw new InputError(
      `${file}: holds ${kinds.join(', ')}; accepted: one TestRun, the test.yaml of k6-inference k8s without --schedule`,
    )
  }
  const manifest = objects[0] as Manifest
  const { cleanup: _, ...spec } = (manifest['spec'] ?? {}) as Record<string, unknown>
  const { parallelism, arguments: args } = spec
  if (!Number.isInteger(parallelism) || Number(parallelism) < 1) {
    throw new InputError(
      `${file}: spec.parallelism is ${String(parallelism)}; accepted: a whole number from 1`,
    )
  }
  return {
    manifest: { ...manifest, spec },
    parallelism: Number(parallelism),
    onVolume: String(args ?? '').includes('--console-output'),
  }
}
