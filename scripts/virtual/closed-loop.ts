import { randomLogNormal } from 'd3-random'
import { runOfRecords } from '../../lib/runs/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import { randomSource } from '../../lib/random/index.ts'
import { createEngine, createRunRecord } from '../../simulator/index.ts'
import { recordsOfServed, virtualEngine, virtualLengths } from './run.ts'
import type { VirtualRun } from './run.ts'

/** A closed loop played in virtual time: each user sends as soon as it has its answer. */
export type VirtualClosedRun = Omit<VirtualRun, 'ratePerS' | 'failures'> & { concurrency: number }

/** Plays a closed loop on the simulator's scheduler. */
export function virtualClosedRun(run: VirtualClosedRun): Run {
  const toMs = run.warmupMs + run.measuredMs
  const lengths = virtualLengths(run.trafficSeed, run.traffic)
  const turnaround = randomLogNormal.source(randomSource(run.serverSeed, 'turnaround'))(
    Math.log(3),
    0.5,
  )
  const record = createRunRecord()
  let sent = 0
  /** When users send next, soonest first. */
  const due = Array.from({ length: run.concurrency }, () => turnaround()).sort((a, b) => a - b)
  const engine = createEngine(virtualEngine(run), {
    ...record.sink,
    finished(id, atMs) {
      record.sink.finished(id, atMs)
      const next = atMs + turnaround()
      const at = due.findIndex((other) => other > next)
      due.splice(at < 0 ? due.length : at, 0, next)
    },
  })
  for (;;) {
    const [atMs = Infinity] = due
    // Ends of steps may make someone send before this one.
    const eventMs = engine.nextEventMs()
    if (Math.min(atMs, eventMs) > 2 * toMs) break
    if (eventMs <= atMs) {
      engine.advanceTo(eventMs)
      continue
    }
    due.shift()
    // The last answers are waited for, but nothing more is sent.
    if (atMs >= toMs) continue
    const request = { id: String(sent++), ...lengths() }
    record.add({ ...request, atMs })
    engine.submit(request, atMs)
  }
  const load = { loop: 'closed', asked: run.concurrency } as const
  return runOfRecords(run.name, recordsOfServed(run, record.all(), load), {
    intervals: run.intervals ?? true,
  })
}
