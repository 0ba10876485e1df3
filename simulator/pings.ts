import type { EventWriter } from './events.ts'
import type { FaultSet } from './fault-set.ts'
import type { Wire } from './wire.ts'

/** Signs of life while the body is open, which may be longer than the answer. */
export interface Pings {
  start(): void
  stop(): void
}

/** @param idleMs between two pings where no fault asks for them; 0 = none */
export function createPings(
  wire: Wire,
  events: EventWriter,
  faults: FaultSet,
  idleMs: number,
): Pings {
  const everyMs = faults.ping?.value ?? faults['ping-event']?.value ?? idleMs
  let timer: NodeJS.Timeout | undefined

  function stop(): void {
    clearInterval(timer)
  }

  return {
    start() {
      if (everyMs <= 0) return
      timer = setInterval(() => {
        if (wire.gone) stop()
        else events.ping()
      }, everyMs)
    },
    stop,
  }
}
