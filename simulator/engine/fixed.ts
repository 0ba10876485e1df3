import { createEventLog } from './event-log.ts'
import type { Engine, EngineRequest, EngineSink } from './types.ts'

export interface FixedConfig {
  /** From arrival to the first token. */
  ttftMs: number
  /** Between two tokens. */
  tpotMs: number
}

interface Due {
  request: EngineRequest
  arrivalMs: number
  index: number
  dueMs: number
  order: number
  cancelled: boolean
}

function before(a: Due, b: Due): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)
}

/**
 * A server without contention: token i of a request comes exactly `ttftMs + i · tpotMs` after its
 * arrival, however many others there are. What a client must measure on it is known beforehand.
 */
export function createFixedEngine(config: FixedConfig, sink?: EngineSink): Engine {
  const log = createEventLog()
  const out = sink ?? log.sink
  const heap: Due[] = []
  const inside = new Map<string, Due>()
  let nowMs = 0
  let steps = 0
  let order = 0

  function siftDown(from: number, due: Due): void {
    let i = from
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, due)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = due
  }
  function push(due: Due): void {
    let i = heap.length
    heap.push(due)
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!before(due, heap[parent]!)) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = due
  }
  function pop(): void {
    const last = heap.pop()!
    if (heap.length > 0) siftDown(0, last)
  }
  function dropCancelled(): void {
    while (heap[0]?.cancelled) pop()
  }

  function advance(ms: number): void {
    for (;;) {
      dropCancelled()
      const due = heap[0]
      if (due === undefined || due.dueMs > ms) break
      nowMs = due.dueMs
      const { id, outputTokens } = due.request
      const index = due.index++
      const last = due.index === outputTokens
      if (last) {
        inside.delete(id)
        pop()
      } else {
        // From the arrival and not from the token before: no rounding errors that add up.
        due.dueMs = due.arrivalMs + config.ttftMs + due.index * config.tpotMs
        siftDown(0, due)
      }
      steps++
      out.token(id, nowMs, index)
      if (last) out.finished(id, nowMs)
    }
    if (ms !== Infinity && ms > nowMs) nowMs = ms
  }

  return {
    submit(request, atMs) {
      if (!(atMs >= nowMs))
        throw new RangeError(`request ${request.id} at ${atMs} ms: the clock is at ${nowMs} ms`)
      if (!(request.outputTokens >= 1))
        throw new RangeError(
          `request ${request.id} has ${request.outputTokens} output tokens; at least 1 is accepted`,
        )
      if (inside.has(request.id)) throw new RangeError(`request ${request.id} is in the engine`)
      advance(atMs)
      const due: Due = {
        request,
        arrivalMs: atMs,
        index: 0,
        dueMs: atMs + config.ttftMs,
        order: order++,
        cancelled: false,
      }
      inside.set(request.id, due)
      push(due)
      out.scheduled(request.id, atMs, 0)
    },
    nextEventMs() {
      dropCancelled()
      return heap[0]?.dueMs ?? Infinity
    },
    advanceTo(ms) {
      if (!(ms >= nowMs)) throw new RangeError(`cannot go back from ${nowMs} to ${ms} ms`)
      advance(ms)
      return log.take()
    },
    cancel(id) {
      const due = inside.get(id)
      if (due === undefined) return false
      // Left in the heap until its time comes: taking it out of the middle would cost a search.
      due.cancelled = true
      return inside.delete(id)
    },
    stats: () => ({
      nowMs,
      running: inside.size,
      waiting: 0,
      kvUsage: 0,
      preemptions: 0,
      prefixQueries: 0,
      prefixHits: 0,
      steps,
      compilations: 0,
      compiledMs: 0,
    }),
  }
}
