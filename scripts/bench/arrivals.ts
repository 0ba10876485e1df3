import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { loadavg, availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { buildScenarios } from '../../build.mjs'
import { ensureK6 } from '../setup/index.mjs'
import { drawnChecks, lengthChecks, replayChecks, segmentChecks } from './arrivals/checks.ts'
import type { Finding } from './arrivals/checks.ts'

const help = `How true arrivals and prompt lengths are, by the simulated server's own record.

  npm run bench:arrivals -- --trace FILE [--only replay,drawn,segments,lengths] [--json]

The trace must have requests from 10 to 20 minutes after its first one (such as Azure's conversation trace
of 2023). Without a trace, only checks that need none are run. Findings do not change the exit code, because
other load on the machine affects them. Takes about four minutes.`

const { values } = parseArgs({
  options: {
    trace: { type: 'string' },
    only: { type: 'string', default: 'replay,drawn,segments,lengths' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

async function main(): Promise<void> {
  if (values.help) return console.log(help)
  const bundles = await mkdtemp(path.join(tmpdir(), 'k6-inference-bundles-'))
  try {
    await buildScenarios({ outDir: bundles, names: ['trace-replay', 'chat-steady'] })
    const target = { k6: (await ensureK6()).path, bundles }
    const file = values.trace === undefined ? undefined : path.resolve(values.trace)
    const trace =
      file === undefined ? undefined : { path: file, text: await readFile(file, 'utf8') }
    const all: Record<string, () => Promise<Finding[]>> = {
      replay: async () => (trace ? replayChecks(target, trace) : []),
      drawn: () => drawnChecks(target),
      segments: async () => (trace ? segmentChecks(target, trace) : []),
      lengths: () => lengthChecks(target),
    }
    const findings: Finding[] = []
    for (const name of values.only.split(',')) {
      const check = all[name]
      if (!check) throw new RangeError(`--only ${name}: there are ${Object.keys(all).join(', ')}`)
      for (const finding of await check()) {
        findings.push(finding)
        const { ok, check: what, found, wanted } = finding
        if (!values.json) console.log(`${ok ? '✓' : '✗'} ${what}: ${found} (wanted: ${wanted})`)
      }
    }
    const load = loadavg()[0]?.toFixed(1)
    if (values.json) console.log(JSON.stringify({ cores: availableParallelism(), load, findings }))
    else console.log(`\n${availableParallelism()} cores shared with the server, load ${load}`)
  } finally {
    await rm(bundles, { recursive: true, force: true })
  }
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
