import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cover, truthOf } from './certainty/cover.ts'
import type { Cell } from './certainty/cover.ts'
import { coverageTables } from './certainty/table.ts'
import type { CellResult } from './certainty/table.ts'
import { ARRIVALS } from './certainty/traffic.ts'

/**
 * Plays many runs per cell in virtual time and counts how often intervals cover the truth:
 * `node --import tsx scripts/virtual/certainty-main.ts --out DIR [--runs 2000] [--requests 200,2000]`
 *
 * Each cell is a file in DIR and is not played again, so the program may be stopped and started.
 * `--processes 2` plays cells side by side; `--table` prints what the files hold as Markdown.
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
  },
})
const numbers = (text: string) => text.split(',').map(Number)
const cells = numbers(values.requests).flatMap((requests) =>
  numbers(values.use).flatMap((use) =>
    ARRIVALS.map((arrivals): Cell => ({ arrivals, use, requests })),
  ),
)
const fileOf = (name: string) => path.join(values.out, `${name}.json`)
const nameOf = ({ arrivals, use, requests }: Cell) => `${arrivals}-${use}-${requests}`
const processes = Number(values.processes)

mkdirSync(values.out, { recursive: true })
if (values.table) {
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

function playCell(cell: Cell): void {
  const file = fileOf(nameOf(cell))
  if (existsSync(file)) return
  const begun = performance.now()
  const truth = truthFor(cell)
  const runs = Number(values.runs)
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
