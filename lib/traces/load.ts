import { clipLengths, type ClipCounts, type LengthLimits } from './clip.ts'
import { isPackedTrace, packedElements, packTrace, unpackTrace } from './pack.ts'
import { parseTrace } from './parser.ts'
import { describeProblems } from './problems.ts'
import { sampleTrace } from './sample.ts'
import { scaleRate } from './scale.ts'
import { spreadTicks, tickOf } from './spread.ts'
import { busiestWindow, speedUp, windowOf } from './window.ts'
import type { ParseOptions, Trace, TraceReport } from './types.ts'

/** What is to become of a trace before it is played; done in the order of the fields. */
export interface TraceChanges {
  /** Spread times that were rounded to ticks: found out (default), a tick in ms, or left as they are. */
  spread?: 'auto' | 'off' | number
  /** Start of the window, ms after the trace's first request; or the busiest window of `forMs`. */
  from?: number | 'busiest'
  /** Length of the window; default to the end. */
  forMs?: number
  /** Share of the requests to keep, conversations whole. */
  sample?: number
  /** Times the rate in the same time, burstiness kept. */
  rateFactor?: number
  /** Times as fast. */
  speed?: number
  limits?: LengthLimits
  /** Of sampling, spreading and scaling; default 1. */
  seed?: number
}

/** What was done, for the report of the run. */
export interface TraceChangesDone {
  tickMs: number
  fromMs: number
  clipped: ClipCounts
}

/** Applies changes to a trace. Times stay counted from the window's start. */
export function changeTrace(
  trace: Trace,
  changes: TraceChanges,
): { trace: Trace; done: TraceChangesDone } {
  const { spread = 'auto', forMs = Infinity, seed = 1 } = changes
  const tickMs = spread === 'auto' ? tickOf(trace.atMs) : spread === 'off' ? 0 : spread
  let changed = tickMs > 0 ? spreadTicks(trace, tickMs, seed) : trace
  const fromMs =
    changes.from === 'busiest' ? busiestWindow(changed.atMs, forMs).fromMs : (changes.from ?? 0)
  if (fromMs > 0 || forMs < Infinity) changed = windowOf(changed, fromMs, forMs)
  if (changes.sample !== undefined && changes.sample < 1) {
    changed = sampleTrace(changed, changes.sample, seed)
  }
  if (changes.rateFactor !== undefined && changes.rateFactor !== 1) {
    changed = scaleRate(changed, changes.rateFactor, seed)
  }
  if (changes.speed !== undefined && changes.speed !== 1) changed = speedUp(changed, changes.speed)
  const { trace: clippedTrace, clipped } = clipLengths(changed, changes.limits ?? {})
  return { trace: clippedTrace, done: { tickMs, fromMs, clipped } }
}

export type LoadedTrace =
  | { ok: true; trace: Trace; done: TraceChangesDone; report: TraceReport | undefined }
  | { ok: false; message: string }

/**
 * A trace file's text (any known format, or packed) with changes applied. `report` is undefined for
 * a packed file, whose rows were judged when it was made.
 */
export function loadTrace(
  text: string,
  changes: TraceChanges = {},
  options: ParseOptions = {},
): LoadedTrace {
  let trace: Trace
  let report: TraceReport | undefined
  if (isPackedTrace(text)) {
    try {
      trace = unpackTrace(packedElements(text))
    } catch (error) {
      return { ok: false, message: (error as Error).message }
    }
  } else {
    const parsed = parseTrace(text, options)
    if (!parsed.ok) {
      return { ok: false, message: describeProblems(parsed.problems, parsed.report.problemCounts) }
    }
    trace = parsed.trace
    report = parsed.report
  }
  const changed = changeTrace(trace, changes)
  if (changed.trace.rows === 0) {
    const lastMs = trace.atMs[trace.rows - 1] ?? 0
    return {
      ok: false,
      message: `no request is left of ${trace.rows}: the trace runs from 0 to ${Math.round(lastMs)} ms; asked for: ${JSON.stringify(changes)}`,
    }
  }
  return { ok: true, ...changed, report }
}

export type TraceElements = { ok: true; elements: string[] } | { ok: false; message: string }

/**
 * A trace file's text as the elements of a SharedArray, with what was done and found in the notes of
 * its reader (`done`, `report`). A packed file with nothing to change is taken as it stands: a
 * million requests are there in 2 s, and in 20 to 30 s of CPU from CSV (k6 2.2.0, 2 cores).
 */
export function traceElements(
  text: string,
  changes: TraceChanges = {},
  options: ParseOptions = {},
): TraceElements {
  const unchanged = Object.values(changes).every((value) => value === undefined)
  if (unchanged && isPackedTrace(text)) {
    try {
      return { ok: true, elements: packedElements(text) }
    } catch (error) {
      return { ok: false, message: (error as Error).message }
    }
  }
  const loaded = loadTrace(text, changes, options)
  if (!loaded.ok) return loaded
  const { trace, done, report } = loaded
  return { ok: true, elements: packTrace(trace, { done, report }) }
}
