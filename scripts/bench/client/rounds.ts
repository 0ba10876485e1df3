import { median as medianOf } from 'simple-statistics'
import type { Measured } from './measure.ts'

/**
 * Several rounds of the same clients as one row each. A machine's speed wavers more from minute to
 * minute than clients differ, so they take turns, and what is compared is compared within a round.
 *
 * @param rounds the clients of a level in the same order, the bare one first where there is one
 * @returns the first round's rows, with medians of the CPU and of its ratio to the bare client's
 */
export function combineRounds(rounds: readonly (readonly Measured[])[]): Measured[] {
  const [first = []] = rounds
  const median = (i: number, of: (row: Measured, floor: Measured | undefined) => number) =>
    medianOf(rounds.map((rows) => of(rows[i]!, floorOf(rows))))
  return first.map((row, i) => ({
    ...row,
    cpuUsPerToken: median(i, ({ cpuUsPerToken }) => cpuUsPerToken),
    cpuUsPerTokenWhole: median(i, ({ cpuUsPerTokenWhole }) => cpuUsPerTokenWhole),
    startUpCpuS: median(i, ({ startUpCpuS }) => startUpCpuS),
    serverUsPerToken: median(i, ({ serverUsPerToken }) => serverUsPerToken),
    timesBare:
      floorOf(first) &&
      median(i, ({ cpuUsPerToken }, floor) => cpuUsPerToken / floor!.cpuUsPerToken),
  }))
}

function floorOf(rows: readonly Measured[]): Measured | undefined {
  return rows.find(({ client }) => client === 'bare Go')
}
