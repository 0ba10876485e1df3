import { parseArgs } from 'node:util'
import { STARTS, startUps } from './certainty/start-up.ts'
import { startUpTable } from './certainty/table.ts'
import { ARRIVALS } from './certainty/traffic.ts'

/**
 * Counts over many runs in virtual time how often the start-up of a cold server is found and left out, and how often a
 * warm run is left whole; prints Markdown: `node --import tsx scripts/virtual/start-up-main.ts [--runs 100] [--most 5000]`
 *
 * `--most` leaves out runs of more requests.
 */
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '100' }, most: { type: 'string', default: '20000' } },
})

/** Requests per run: where the server is busy, it takes long until nobody waits any more. */
const CELLS = [
  [0.2, 2000],
  [0.2, 5000],
  [0.5, 2000],
  [0.5, 5000],
  [0.8, 5000],
  [0.8, 20_000],
] as const

const results = ARRIVALS.flatMap((arrivals) =>
  CELLS.filter(([, requests]) => requests <= Number(values.most)).map(([use, requests]) => {
    const of = STARTS.map((start) => startUps(arrivals, use, requests, Number(values.runs), start))
    return { arrivals, use, requests, of }
  }),
)
console.log(startUpTable(results))
