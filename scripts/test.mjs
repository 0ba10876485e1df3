#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { goChecks } from './checks/go.mjs'
import { lintChecks, typeChecks } from './checks/static.mjs'
import { addUp, lastLine, seconds } from './checks/tally.mjs'
import { vitestChecks } from './checks/vitest.mjs'

/** @type {Record<string, { title: string, run: () => Promise<import('./checks/tally.mjs').Tally> }>} */
const RUNNERS = {
  types: { title: 'Type check', run: typeChecks },
  lint: { title: 'Lint, format, unused code', run: lintChecks },
  unit: { title: 'Unit tests', run: () => vitestChecks('unit', 12) },
  go: { title: "The Go module's tests", run: goChecks },
  e2e: { title: 'End to end: k6 against the simulator', run: () => vitestChecks('e2e', 18) },
}

const HELP = `Usage: npm test [-- --only NAME[,NAME]]

Runs ${Object.keys(RUNNERS).join(', ')} in this order, all of them whatever fails, and ends with their sums.`

/** @param {string} only names with commas between, '' for all */
async function main(only) {
  const names = only === '' ? Object.keys(RUNNERS) : only.split(',')
  const unknown = names.filter((name) => !(name in RUNNERS))
  if (unknown.length > 0) {
    throw new Error(`--only ${only}: there is no ${unknown.join(', ')}; ${HELP.split('\n')[0]}`)
  }
  /** @type {string[]} */
  const table = []
  const tallies = []
  for (const name of names) {
    const runner = RUNNERS[name]
    if (runner === undefined) continue
    console.log(`\n── ${runner.title} ──`)
    const startedAt = Date.now()
    const tally = await runner.run().catch((error) => {
      console.error(error)
      return { passed: 0, failed: 1, skipped: 0 }
    })
    tallies.push(tally)
    table.push(`${name.padEnd(6)} ${seconds(startedAt).padStart(7)}  ${lastLine(tally)}`)
  }
  const sum = addUp(tallies)
  console.log(`\n${table.join('\n')}\n\n${lastLine(sum)}`)
  // A run without any test proves nothing.
  process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0
}

try {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) console.log(HELP)
  else await main(values.only)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
