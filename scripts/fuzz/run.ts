import { randomSource } from '../../lib/random/index.ts'
import { mutate } from './mutate.ts'
import { TARGETS } from './targets/index.ts'
import type { Target } from './targets/index.ts'

/** A reader that takes longer for an input of some kB is as good as hanging. */
const SLOW_MS = 2000
/** More than one input may bring at a time. Collected only now and then, so no leak shows below it. */
const MOST_HEAP_BYTES = 2 ** 30
const FAILURES = 10

export interface Fuzzed {
  /** What went wrong, each with what makes the same input again. */
  failures: string[]
  targets: { name: string; inputs: number; cpuMs: number }[]
  mostHeapBytes: number
}

/**
 * Gives mutated inputs to every reader, to each by its weight.
 *
 * @param inputs how many in all
 * @param seed another one gives other inputs
 */
export async function fuzz(inputs: number, seed: number): Promise<Fuzzed> {
  const weights = TARGETS.reduce((sum, { weight }) => sum + weight, 0)
  const fuzzed: Fuzzed = { failures: [], targets: [], mostHeapBytes: 0 }
  for (const target of TARGETS) {
    const share = Math.ceil((inputs * target.weight) / weights)
    const began = process.cpuUsage()
    await fuzzOne(target, share, seed, fuzzed)
    const { user, system } = process.cpuUsage(began)
    fuzzed.targets.push({ name: target.name, inputs: share, cpuMs: (user + system) / 1000 })
  }
  return fuzzed
}

async function fuzzOne(target: Target, inputs: number, seed: number, fuzzed: Fuzzed) {
  const seeds = target.seeds()
  const most = fuzzed.failures.length + FAILURES
  const fail = (n: number, input: string, what: string) =>
    fuzzed.failures.push(
      `${target.name}, input ${n} of seed ${seed}: ${what}\n${JSON.stringify(input)}`,
    )
  for (let n = 0; n < inputs && fuzzed.failures.length < most; n++) {
    const random = randomSource(seed + n, target.name)
    const mutated = mutate(seeds[n % seeds.length]!, random, target.pieces)
    const input = target.bytes ? asBytes(mutated) : mutated
    const began = process.cpuUsage()
    try {
      await target.check(input, random)
    } catch (error) {
      fail(n, input, (error as Error).stack ?? String(error))
    }
    const { user } = process.cpuUsage(began)
    if (user / 1000 > SLOW_MS) fail(n, input, `${user} us`)
    if (n % 1000 === 0) {
      const { heapUsed } = process.memoryUsage()
      fuzzed.mostHeapBytes = Math.max(fuzzed.mostHeapBytes, heapUsed)
      if (heapUsed > MOST_HEAP_BYTES) fail(n, '', `${heapUsed} bytes of heap`)
    }
  }
}

/** Characters that are no bytes become their UTF-8. */
function asBytes(text: string): string {
  // A lone half of a pair has none.
  return text.replace(/[^\0-\xff]/g, (found) => Buffer.from(found).toString('latin1'))
}
