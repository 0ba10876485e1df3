import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { cover, truthOf } from './certainty/cover.ts'
import type { Cell } from './certainty/cover.ts'
import { countOverloads } from './certainty/overload.ts'
import { shareOut } from './certainty/share-out.ts'
import { coverShares } from './certainty/shares.ts'
import { coverSpikes } from './certainty/spikes.ts'
import {
  coverageTables,
  overloadTable,
  shareTable,
  spikeTable,
  untilTable,
} from './certainty/table.ts'
import type { CellResult } from './certainty/table.ts'
import { ARRIVALS } from './certainty/traffic.ts'
import type { Arrivals } from './certainty/traffic.ts'
import { untilDecided } from './certainty/until.ts'

/**
 * Plays many runs per cell in virtual time and counts how often intervals cover the truth, from the root of
 * the repository: `node --import tsx scripts/virtual/certainty-main.ts --out DIR [--runs 2000] [--requests 200,2000]`
 *
 * Each cell is a file in DIR and is not played again, so the program may be stopped and started.
 * `--processes 2` plays cells side by side; `--table` prints what the files hold as Markdown. `--shares`
 * plays shares of failures instead, `--spikes` spikes as a whole, `--until` runs that end once their limit is
 * decided, and `--overload` runs of which it is told whether the server keeps up.
 *
 * Bundled (`npx esbuild scripts/virtual/certainty-main.ts --bundle --platform=node --format=esm`), it takes
 * a third of the time: tsx names every closure that is made.
 */
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'certainty' },
    runs: { type: 'string', default: '2000' },
    requests: { type: 'string', default: '200,1000,5000,20000' },
    use: { type: 'string', default: '0.2,0.5,0.8,0.9,0.95' },
    truth: { type: 'string', default: '5000000' },
    processes: { type: 'string', default: '1' },
    table: { type: 'boolean', default: false },
    shares: { type: 'boolean', default: false },
    until: { type: 'boolean', default: false },
    spikes: { type: 'boolean', default: false },
    overload: { type: 'boolean', default: false },
  },
})
/** Spikes that the server can take, and that it cannot. */
const SPIKES = [60, 300].flatMap((lengthS) =>
  ARRIVALS.flatMap((arrivals) =>
    [
      { use: 0.2, peak: 0.5 },
      { use: 0.4, peak: 0.8 },
      { use: 0.4, peak: 1.2 },
    ].map((load) => ({ ...load, arrivals, lengthS })),
  ),
)
/** Half an hour at 25 requests/s. */
const UNTIL_REQUESTS = 45_000

const numbers = (text: string) => text.split(',').map(Number)
const uses = numbers(values.use)
const runs = Number(values.runs)
const fileOf = (name: string) => path.join(values.out, `${name}.json`)
const nameOf = ({ arrivals, use, requests }: Cell) => `${arrivals}-${use}-${requests}`

/** Longest first, so that no process is left with one of them at the end. */
const cells = numbers(values.requests)
  .sort((a, b) => b - a)
  .flatMap((requests) => loads().map((load): Cell => ({ ...load, requests })))

if (values.shares) {
  const kinds = [1, 5].flatMap((group) =>
    numbers(values.requests).map((requests) => ({ share: 0.01, group, requests })),
  )
  console.log(shareTable(kinds.map((cell) => ({ cell, runs, coverage: coverShares(cell, runs) }))))
} else if (values.until) {
  mkdirSync(values.out, { recursive: true })
  console.log(untilTable(loads().flatMap(untilCells)))
} else if (values.spikes) {
  const spikes = SPIKES.map((cell) => ({ cell, runs, coverage: coverSpikes(cell, runs, runs) }))
  console.log(spikeTable(spikes))
} else if (values.overload) {
  const found = loads().map((load) => ({
    load,
    found: numbers(values.requests).map((requests) => countOverloads({ ...load, requests }, runs)),
  }))
  console.log(overloadTable(found, numbers(values.requests), runs))
} else if (values.table) {
  const played = cells.filter((cell) => existsSync(fileOf(nameOf(cell))))
  const read = (cell: Cell) => JSON.parse(readFileSync(fileOf(nameOf(cell)), 'utf8')) as CellResult
  console.log(coverageTables(played.map(read).sort((a, b) => a.cell.requests - b.cell.requests)))
} else {
  mkdirSync(values.out, { recursive: true })
  const truths = loads().map((load) => () => void truthFor(load))
  const plays = cells.map((cell) => () => playCell(cell))
  await shareOut([truths, plays], Number(values.processes))
}

/** Every kind of arrivals at every use. */
function loads(): Pick<Cell, 'arrivals' | 'use'>[] {
  return uses.flatMap((use) => ARRIVALS.map((arrivals) => ({ arrivals, use })))
}

/** Limits at twice and at half the p99, and close to it on either side. */
function untilCells(load: { arrivals: Arrivals; use: number }) {
  const cell = { ...load, requests: UNTIL_REQUESTS }
  return untilDecided(cell, [0.5, 0.97, 1.03, 2], runs, truthFor(load).ttft_p99)
}

function playCell(cell: Cell): void {
  const file = fileOf(nameOf(cell))
  if (existsSync(file)) return
  const begun = performance.now()
  const truth = truthFor(cell)
  const result: CellResult = { cell, runs, truth, coverage: cover(cell, runs, truth) }
  keep(file, result)
  console.log(`${nameOf(cell)}: ${((performance.now() - begun) / 1000).toFixed(0)} s`)
}

/** The truth of a load, which all numbers of requests share. */
function truthFor(cell: Pick<Cell, 'arrivals' | 'use'>): CellResult['truth'] {
  const file = fileOf(`truth-${cell.arrivals}-${cell.use}`)
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as CellResult['truth']
  const truth = truthOf(cell, Number(values.truth))
  keep(file, truth)
  return truth
}

/** Whole or not at all, as the program may be stopped at any time. */
function keep(file: string, what: unknown): void {
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, JSON.stringify(what))
  renameSync(unfinished, file)
}
