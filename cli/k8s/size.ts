import { findK6 } from '../k6-process/index.ts'
import { inspect } from './inspect.ts'
import { inWords, memoryProblem, memoryQuantity, podNeeds } from './memory.ts'
import type { K8sOptions } from './options.ts'
import { vuProblems } from './vus.ts'

/** Memory that each pod needs, and what the user should know about it. */
export interface Sized {
  /** A quantity, such as 960Mi. */
  memory: string
  notes: string[]
}

/** Where there is no k6 to ask. */
export const UNCHECKED: Sized = {
  memory: '1Gi',
  notes: ['note: not checked whether every pod gets VUs and has memory for them (--no-inspect)'],
}

/**
 * Asks k6 what the script needs, and checks that the pods have it.
 * @param files paths of the bundle, first, and of the files that it opens
 * @returns what each pod needs, or every problem at once
 */
export async function sizeOf(
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
