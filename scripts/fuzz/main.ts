import { fuzz } from './run.ts'

/** `npm run fuzz [-- INPUTS [SEED]]`: mutated inputs for all readers together, 2,000,000 by default. */
const [inputs = 2_000_000, seed = 1] = process.argv.slice(2).map(Number)
const began = Date.now()
const { failures, targets, mostHeapBytes } = await fuzz(inputs, seed)
for (const { name, inputs: given, cpuMs } of targets) {
  const each = ((cpuMs / given) * 1000).toFixed(0)
  process.stdout.write(
    `${name.padEnd(20)} ${String(given).padStart(8)} inputs  ${each.padStart(6)} us each\n`,
  )
}
const all = targets.reduce((sum, target) => sum + target.inputs, 0)
process.stdout.write(
  failures.length === 0
    ? `${all} inputs: none made a reader throw, hang, or read differently (${Math.round((Date.now() - began) / 1000)} s, at most ${Math.round(mostHeapBytes / 2 ** 20)} MiB of heap)\n`
    : `${failures.join('\n\n')}\n`,
)
process.exitCode = failures.length === 0 ? 0 : 1
