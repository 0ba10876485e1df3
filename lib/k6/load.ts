import type { Config, ShapeName } from '../config/index.ts'
import {
  arrivalPlan,
  dueWithin,
  type LoadPlan,
  packedArrivals,
  type Phase,
  type ScheduleFacts,
  scheduledPlan,
  scheduleFacts,
  scheduleReader,
  SHAPES,
  tracePhases,
} from '../load/index.ts'
import type { TraceReader } from '../workload/index.ts'
import { sharedStrings } from './inputs.ts'
import type { Inputs } from './types.ts'

export interface PlannedLoad {
  plan: LoadPlan
  dueMs: ((n: number) => number) | undefined
  /** Facts of the schedule, for arrivals that were drawn or recorded. */
  schedule: ScheduleFacts | undefined
  /** Changes to a trace that a reader of the figures must know about. */
  notes: readonly string[]
}

/** The plan of a shape; for drawn or replayed arrivals, also the time at which each request is due. */
export function planLoad(
  shape: ShapeName,
  load: Config['load'],
  values: Config['values'],
  inputs: Pick<Inputs, 'trace'>,
): PlannedLoad {
  if (shape === 'trace') return replayed(load, values, inputs.trace)
  const plan = SHAPES[shape](load)
  if (plan.loop === 'closed' || load.arrivals.kind === 'constant') {
    return { plan, dueMs: undefined, schedule: undefined, notes: [] }
  }
  const reader = scheduleReader(sharedStrings('schedule', () => packedArrivals(plan, load)))
  const { facts, dueMs } = reader
  return { plan: scheduledPlan(plan, facts, load), dueMs, schedule: facts, notes: [] }
}

function replayed(load: Config['load'], values: Config['values'], trace: TraceReader): PlannedLoad {
  const windowMs = values.TRACE_FOR === undefined ? wholeMs(trace) : values.TRACE_FOR / values.SPEED
  const phasesOf = (facts: ScheduleFacts) =>
    tracePhases(facts, Math.max(SHORTEST_MS, windowMs), load.warmupMs)
  const schedule = traceFacts(trace, load.expectedE2eMs, phasesOf)
  const phases = phasesOf(schedule).map((phase, i) => ({ ...phase, due: schedule.dueIn[i]! }))
  const { drainMs, maxVUs } = load
  const plan = arrivalPlan({
    shape: 'trace',
    facts: schedule,
    phases,
    drainMs,
    maxVUs,
    exec: 'run',
  })
  return { plan, dueMs: trace.dueMs, schedule, notes: traceNotes(trace) }
}

/** k6 takes no duration below a second. */
const SHORTEST_MS = 1000

/** A whole trace lasts a mean gap beyond its last request, or that one would be outside of the window. */
function wholeMs({ rows, lastMs }: TraceReader): number {
  return rows < 2 ? lastMs + 1 : (lastMs * rows) / (rows - 1)
}

/** Computed once for all VUs, because it reads every row. */
function traceFacts(
  trace: TraceReader,
  expectedE2eMs: number,
  phasesOf: (facts: ScheduleFacts) => readonly Phase[],
): ScheduleFacts {
  const [text] = Array.from(
    sharedStrings('trace schedule', () => {
      const dueMs = new Float64Array(trace.rows)
      for (let row = 0; row < trace.rows; row++) dueMs[row] = trace.dueMs(row)
      const facts = scheduleFacts(dueMs, expectedE2eMs)
      const dueIn = phasesOf(facts).map((phase) => dueWithin(dueMs, phase))
      return [JSON.stringify({ ...facts, dueIn })]
    }),
  )
  return JSON.parse(text as string) as ScheduleFacts
}

function traceNotes(trace: TraceReader): string[] {
  const { done, report } = trace.notes as {
    done?: {
      tickMs: number
      clipped: { input: number; output: number; whole?: number; raised: number }
    }
    report?: { unordered: { rows: number }; assumed?: readonly string[] }
  }
  const { input = 0, output = 0, whole = 0, raised = 0 } = done?.clipped ?? {}
  const tickMs = done?.tickMs ?? 0
  const unordered = report?.unordered.rows ?? 0
  const of = `of ${trace.rows} requests of the trace`
  return [
    ...(input > 0 ? [`${input} prompts ${of} were cut to the limits`] : []),
    ...(whole > 0
      ? [`${whole} prompts ${of} are longer than the limits by its own count and were sent whole`]
      : []),
    ...(output > 0 ? [`${output} answers ${of} were cut to the limits`] : []),
    ...(raised > 0 ? [`${raised} ${of} had no tokens and were sent with 1`] : []),
    ...(tickMs > 0
      ? [`the trace's times were rounded to ${tickMs} ms and are spread evenly over it`]
      : []),
    ...(report?.assumed ?? []).map((text) => `of the trace was assumed: ${text}`),
    ...(unordered > 0 ? [`${unordered} ${of} were out of order and were sorted`] : []),
  ]
}
