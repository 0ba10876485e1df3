import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { buildScenarios } from '../../build.mjs'
import { ensureK6 } from '../setup/index.mjs'
import { PARTS, playPart } from './play.ts'
import { STREAMS } from './rows.ts'

/** Everything that servers were seen to do wrong, in every wire format, through a real k6. */
const USAGE = `npm run faults [-- --k6 PATH] [--format NAME]…
  --k6      k6 with whichever socket module; without it, the one built here
  --format  only this wire format: ${STREAMS.join(', ')}
`
const { values } = parseArgs({
  options: {
    k6: { type: 'string' },
    format: { type: 'string', multiple: true },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help === true) {
  process.stdout.write(USAGE)
  process.exit()
}
const unknown = values.format?.find((name) => !(STREAMS as readonly string[]).includes(name))
if (unknown !== undefined)
  throw new RangeError(`--format is "${unknown}"; accepted: ${STREAMS.join(', ')}`)
const formats = STREAMS.filter((name) => values.format?.includes(name) ?? true)

const bundles = mkdtempSync(path.join(tmpdir(), 'k6-inference-faults-'))
let played = 0
let wrong = 0
try {
  const k6 = values.k6 ?? (await ensureK6()).path
  await buildScenarios({ outDir: bundles, names: ['chat-steady'] })
  for (const format of formats) {
    for (const part of PARTS) {
      const { rows, peakMiB, grownMiB, wallS, ...found } = await playPart(
        k6,
        path.join(bundles, 'chat-steady.js'),
        part,
        format,
      )
      if (rows === 0) continue
      played += rows
      wrong += found.problems.length
      const peak = peakMiB === undefined ? '' : `, at most ${Math.round(peakMiB)} MiB`
      const memory =
        grownMiB === undefined ? peak : `${peak} (${Math.round(grownMiB)} more than plain)`
      const seconds = Math.round(wallS)
      process.stdout.write(
        `${format}, ${part}: ${rows} behaviours in ${seconds} s${memory}, ${found.problems.length} wrong\n`,
      )
      for (const problem of found.problems) process.stdout.write(`  ${problem}\n`)
    }
  }
} finally {
  rmSync(bundles, { recursive: true, force: true })
}
process.stdout.write(`${played} behaviours, ${wrong} wrong\n`)
process.exitCode = wrong === 0 ? 0 : 1
