import { proveDivergence } from './divergence/prove.ts'

/**
 * Prints how often answers that only load spoils are found, and how often a clean server raises an alarm, in
 * sweeps in virtual time: `node --import tsx scripts/virtual/divergence-main.ts [RUNS]`
 */
const runs = Number(process.argv[2] ?? 200)
const run = { steps: [4, 8, 16], answersPerStep: 500, prompts: 20, times: 5 }

const SERVERS = {
  clean: { share: 0, above: 8 },
  '1 % above 8 in flight': { share: 0.01, above: 8 },
  '8 % above 8 in flight': { share: 0.08, above: 8 },
  '2 % at any load': { share: 0, above: 8, chance: 0.02 },
  '2 % at any load, 8 % more above 8': { share: 0.08, above: 8, chance: 0.02 },
}

for (const [name, corruption] of Object.entries(SERVERS)) {
  console.log(`${name}:`, JSON.stringify(proveDivergence({ ...run, corruption }, runs)))
}
