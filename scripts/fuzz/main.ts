import { fuzz } from './run.ts'

/** `npm run fuzz [-- FILES [SEED]]`: mutated files for each reader, 200,000 by default. */
const [files = 200_000, seed = 1] = process.argv.slice(2).map(Number)
const began = Date.now()
const failures = await fuzz(files, seed)
process.stdout.write(
  failures.length === 0
    ? `${files} files, each reader: none threw, hung or lost rows (${Math.round((Date.now() - began) / 1000)} s)\n`
    : `${failures.join('\n')}\n`,
)
process.exitCode = failures.length === 0 ? 0 : 1
