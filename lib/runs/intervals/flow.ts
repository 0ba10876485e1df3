import type { Flow } from '../../report/index.ts'
import { countedInCells } from '../../statistics/index.ts'
import type { WindowSpan } from '../types.ts'

/** When requests came and went, warm-up included: what is answered in a phase may have come before it. */
export interface FlowCollector {
  /** Both in ms from the start of the load. */
  add(cameMs: number, wentMs: number): void
  /** Counts over a phase. */
  of(span: WindowSpan): Flow
}

/** Counts nothing until it is asked. */
export function createFlow(): FlowCollector {
  const [came, went]: [number[], number[]] = [[], []]
  return {
    add(cameMs, wentMs) {
      came.push(cameMs)
      went.push(wentMs)
    },
    of: (span) => ({ came: countedInCells(came, span), went: countedInCells(went, span) }),
  }
}
