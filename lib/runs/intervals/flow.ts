import type { Flow } from '../../report/index.ts'
import type { WindowSpan } from '../types.ts'

/** When requests came and went, warm-up included: what is answered in a phase may have come before it. */
export interface FlowCollector {
  /** Both in ms from the start of the load. */
  add(cameMs: number, wentMs: number): void
  /** Counts over a phase. */
  of(span: WindowSpan): Flow
}

/** Cells of a phase: as many as sums over time have. */
const CELLS = 128

/** Counts nothing until it is asked. */
export function createFlow(): FlowCollector {
  const [came, went]: [number[], number[]] = [[], []]
  return {
    add(cameMs, wentMs) {
      came.push(cameMs)
      went.push(wentMs)
    },
    of: (span) => ({ came: counted(came, span), went: counted(went, span) }),
  }
}

function counted(timesMs: readonly number[], { startMs, endMs }: WindowSpan): number[] {
  const counts = new Array<number>(CELLS).fill(0)
  for (const ms of timesMs) {
    if (ms < startMs || ms >= endMs) continue
    counts[Math.floor((CELLS * (ms - startMs)) / (endMs - startMs))]!++
  }
  return counts
}
