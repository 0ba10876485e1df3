import type { EngineEvent, EngineSink } from './types.ts'

/** Collects events for `advanceTo` where the owner gave no sink. */
export function createEventLog(): { sink: EngineSink; take(): EngineEvent[] } {
  let events: EngineEvent[] = []
  return {
    sink: {
      scheduled: (id, atMs, cachedTokens) =>
        events.push({ type: 'scheduled', id, atMs, cachedTokens }),
      token: (id, atMs, index) => events.push({ type: 'token', id, atMs, index }),
      preempted: (id, atMs) => events.push({ type: 'preempted', id, atMs }),
      finished: (id, atMs) => events.push({ type: 'finished', id, atMs }),
    },
    take() {
      const taken = events
      events = []
      return taken
    },
  }
}
