import { createEngine, createFixedEngine } from './engine/index.ts'
import type { Engine, EngineRequest, EngineSink } from './engine/index.ts'
import type { SimulatorOptions } from './options.ts'

/** Is told what becomes of one request. Times in ms on the driver's clock, by the timetable. */
export interface Listener {
  onScheduled(atMs: number, cachedTokens: number): void
  onToken(index: number, atMs: number): void
  onPreempted(): void
}

/** Plays the engine's virtual time in real time, with one timer for all requests. */
export interface Driver {
  nowMs(): number
  /** @param arrivalMs when it came in, on the driver's clock: its timetable begins there */
  submit(request: EngineRequest, listener: Listener, arrivalMs: number): void
  cancel(id: string): void
  engine(): ReturnType<Engine['stats']>
  close(): void
}

export function createDriver(options: SimulatorOptions): Driver {
  const listeners = new Map<string, Listener>()
  const sink: EngineSink = {
    scheduled: (id, atMs, cachedTokens) => listeners.get(id)?.onScheduled(atMs, cachedTokens),
    token: (id, atMs, index) => listeners.get(id)?.onToken(index, atMs),
    preempted: (id) => listeners.get(id)?.onPreempted(),
    finished: (id) => listeners.delete(id),
  }
  const engine =
    options.preset === 'fixed'
      ? createFixedEngine(options, sink)
      : createEngine(options.engine, sink)
  let timer: NodeJS.Timeout | undefined
  let timerMs = Infinity

  function arm(): void {
    const nextMs = engine.nextEventMs()
    if (nextMs === timerMs) return
    clearTimeout(timer)
    timerMs = nextMs
    timer = undefined
    if (nextMs === Infinity) return
    // Rounded up, as a timer that fires early would have to be set again.
    timer = setTimeout(tick, Math.max(1, Math.ceil(nextMs - performance.now())))
  }
  function tick(): void {
    timerMs = Infinity
    engine.advanceTo(performance.now())
    arm()
  }

  return {
    nowMs: () => performance.now(),
    submit(request, listener, arrivalMs) {
      listeners.set(request.id, listener)
      engine.submit(request, Math.max(arrivalMs, engine.stats().nowMs))
      arm()
    },
    cancel(id) {
      listeners.delete(id)
      engine.cancel(id)
      // No new timer here, as this may be called from inside the engine: the one that is set finds out by itself.
    },
    engine: () => engine.stats(),
    close() {
      clearTimeout(timer)
      listeners.clear()
    },
  }
}
