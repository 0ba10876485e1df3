import { searchedCapacity, trueCapacity } from './capacity.ts'
import type { VirtualServer } from './capacity.ts'
import { VIRTUAL_SERVERS } from './capacity-servers.ts'

/**
 * Prints how close to the truth the capacity search ends, and how often its interval contains it, over
 * many searches in virtual time:
 * `node --import tsx scripts/virtual/capacity-main.ts [SEARCHES] [MAX_MINUTES] [PART_OF_NAME]`.
 * `node --import tsx scripts/virtual/capacity-main.ts truth` computes the truths again.
 */
const [first = '12', minutes = '60', part = ''] = process.argv.slice(2)
const servers = Object.entries(VIRTUAL_SERVERS).filter(([name]) => name.includes(part))

if (first === 'truth') {
  for (const [name, server] of servers)
    console.log(name, trueCapacity(server, server.truth, 200_000).toFixed(3))
} else {
  await searches(Number(first), Number(minutes))
}

async function searches(count: number, maxMinutes: number): Promise<void> {
  const lines = ['| server | truth | within 5 % | worst | covered | precise | minutes | runs |']
  lines.push('| --- | --: | --: | --: | --: | --: | --: | --: |')
  const all = tally()
  const precise = tally()
  for (const [name, server] of servers) {
    const of = tally()
    for (let seed = 1; seed <= count; seed++) {
      const found = await searchedCapacity(server, seed, 60_000, { maxMinutes })
      for (const each of [of, all, ...(found.status === 'found' ? [precise] : [])])
        each.add(server, found)
    }
    lines.push(of.line(name, String(server.truth)))
    console.log(lines.at(-1))
  }
  lines.push(all.line('all', ''), precise.line('those that say they are precise', ''))
  console.log(lines.join('\n'))
}

function tally() {
  let [searched, within, worst, intervals, covered, precise, minutes, runs] = Array<number>(8).fill(
    0,
  ) as [number, number, number, number, number, number, number, number]
  return {
    add(server: VirtualServer, found: Awaited<ReturnType<typeof searchedCapacity>>) {
      searched++
      const off = found.capacity === null ? Infinity : Math.abs(found.capacity / server.truth - 1)
      worst = Math.max(worst, off)
      // Requests in flight are whole: one beside the truth is as near as 5 % below 20 of them.
      const near = server.closed === true ? Math.max(0.05 * server.truth, 1) / server.truth : 0.05
      if (off <= near + 1e-9) within++
      if (found.low !== null && found.high !== null) {
        intervals++
        if (found.low <= server.truth && found.high >= server.truth) covered++
      }
      if (found.status === 'found') precise++
      minutes += found.minutes
      runs += found.runs
    },
    line: (name: string, truth: string) =>
      `| ${[
        name,
        truth,
        `${within}/${searched}`,
        `${(100 * worst).toFixed(1)} %`,
        `${covered}/${intervals}`,
        `${precise}/${searched}`,
        (minutes / searched).toFixed(0),
        (runs / searched).toFixed(0),
      ].join(' | ')} |`,
  }
}
