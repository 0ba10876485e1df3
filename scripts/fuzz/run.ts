import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mutation } from './mutate.ts'
import { READERS } from './readers.ts'

/** A reader that takes longer for a file of some kB is as good as hanging. */
const SLOW_MS = 2000

/** The files that people have, as text. */
export function seedFiles(): string[] {
  const root = join(import.meta.dirname, '../../test')
  return ['traces/fixtures', 'workload/fixtures'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) =>
      readFileSync(join(root, folder, name), 'utf8').slice(0, 4000),
    ),
  )
}

/**
 * Gives mutated files to every reader.
 * @returns what went wrong, each with the number that makes the same file again
 */
export async function fuzz(files: number, seed: number): Promise<string[]> {
  const texts = seedFiles()
  const failures: string[] = []
  for (let n = 0; n < files && failures.length < 10; n++) {
    const text = mutation(texts, n, seed)
    for (const [name, read] of Object.entries(READERS)) {
      const began = process.cpuUsage()
      try {
        await read(text)
      } catch (error) {
        failures.push(`${name}, file ${n} of seed ${seed}: ${(error as Error).stack}`)
      }
      const { user } = process.cpuUsage(began)
      if (user / 1000 > SLOW_MS) failures.push(`${name}, file ${n} of seed ${seed}: ${user} us`)
    }
  }
  return failures
}
