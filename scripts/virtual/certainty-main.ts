import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cover, truthOf } from './certainty/cover.ts'
import type { Cell } from './certainty/cover.ts'
import { coverShares } from './certainty/shares.ts'
import { coverageTables, shareTable, untilTable } from './certainty/table.ts'
import type { CellResult } from './certainty/table.ts'
import { ARRIVALS } from './certainty/traffic.ts'
import type { Arrivals } from './certainty/traffic.ts'
import { trueP99, untilDecided } from './certainty/until.ts'

/**
 * Plays many runs per cell in virtual time and counts how often intervals cover the truth:
 * `node --import tsx scripts/virtual/certainty-main.ts --out DIR [--runs 2000] [--requests 200,2000]`
 *
 * Each cell is a file in DIR and is not played again, so the program may be stopped and started.
 * `--processes 2` plays cells side by side; `--table` prints what the files hold as Markdown. `--shares`
 * plays shares of failures instead, and `--until` runs that end once their limit is decided.
 */
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'certainty' },
    runs: { type: 'string', default: '2000' },
    requests: { type: 'string', default: '200,1000,5000,20000' },
    use: { type: 'string', default: '0.2,0.5,0.8,0.9,0.95' },
    truth: { type: 'string', default: '5000000' },
    processes: { type: 'string', default: '1' },
    part: { type: 'string', default: '0' },
    table: { type: 'boolean', default: false },
    shares: { type: 'boolean', default: false },
    until: { type: 'boolean', default: false },
  },
})
/** Half an hour at 25 requests/s. */
const UNTIL_REQUESTS = 45_000

const numbers = (text: string) => text.split(',').map(Number)
const cells = numbers(values.requests).flatMap((requests) =>
  numbers(values.use).flatMap((use) =>
    ARRIVALS.map((arrivals): Cell => ({ arrivals, use, requests })),
  ),
)
const fileOf = (name: string) => path.join(values.out, `${name}.json`)
const nameOf = ({ arrivals, use, requests }: Cell) => `${arrivals}-${use}-${requests}`
const processes = Number(values.processes)

const runs = Number(values.runs)

if (values.shares) {
  const kinds = [1, 5].flatMap((group) =>
    numbers(values.requests).map((requests) => ({ share: 0.01, group, requests })),
  )
  console.log(shareTable(kinds.map((cell) => ({ cell, runs, coverage: coverShares(cell, runs) }))))
} else if (values.until) {
  console.log(untilTable(numbers(values.use).flatMap((use) => ARRIVALS.flatMap(untilCells(use)))))
} else if (values.table) {
  const played = cells.filter((cell) => existsSync(fileOf(nameOf(cell))))
  const read = (cell: Cell) => JSON.parse(readFileSync(fileOf(nameOf(cell)), 'utf8')) as CellResult
  console.log(coverageTables(played.map(read)))
} else if (processes > 1) {
  const own = process.argv
    .slice(2)
    .filter(
      (arg, i, all) =>
        !/^--(processes|part)$/.test(arg) && !/^--(processes|part)$/.test(all[i - 1] ?? ''),
    )
  for (let part = 0; part < processes; part++) {
    const args = [
      '--import',
      'tsx',
      fileURLToPath(import.meta.url),
      ...own,
      '--part',
      `${part}/${processes}`,
    ]
    spawn(process.execPath, args, { stdio: 'inherit' })
  }
} else {
  const [part = 0, of = 1] = values.part.split('/').map(Number)
  cells.forEach((cell, i) => {
    if (i % of === part) playCell(cell)
  })
}

/** Limits at twice and at half the p99, and close to it on either side. */
function untilCells(use: number) {
  return (arrivals: Arrivals) => {
    const p99 = trueP99({ arrivals, use }, Number(values.truth))
    return [0.5, 0.97, 1.03, 2].map((ofLimit) => {
      const cell = { arrivals, use, ofLimit, requests: UNTIL_REQUESTS }
      return { cell, result: untilDecided(cell, runs, p99) }
    })
  }
}

function playCell(cell: Cell): void {
  mkdirSync(values.out, { recursive: true })
  const file = fileOf(nameOf(cell))
  if (existsSync(file)) return
  const begun = performance.now()
  const truth = truthFor(cell)
  const result: CellResult = { cell, runs, truth, coverage: cover(cell, runs, truth) }
  keep(file, result)
  console.log(`${nameOf(cell)}: ${((performance.now() - begun) / 1000).toFixed(0)} s`)
}

/** The truth of a load, which all numbers of requests share. */
function truthFor(cell: Cell): CellResult['truth'] {
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
