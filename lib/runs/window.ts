import type { Report, RunInfo } from '../results/index.ts'
import type { MeasuredWindow, WindowSpan } from './types.ts'

type Span = { readonly name: string; readonly startMs: number; readonly endMs: number }

/**
 * The measured window behind a report's figures.
 * @param plan of the run; without one, phases are taken to follow each other as the report lists them
 */
export function windowOf(report: Report, plan: RunInfo['plan'] | undefined): MeasuredWindow {
  const { endedEarly } = report.run
  const phases = plan?.phases.filter(({ measured }) => measured) ?? phasesOf(report)
  const planned = phases.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
  // The length of the whole run is how far into the plan it got.
  const elapsedMs = report.total.lengthMs
  const spans = phases.flatMap(({ name, startMs, endMs }): WindowSpan[] => {
    const end = Math.min(endMs, elapsedMs)
    return end > startMs ? [{ phase: name, startMs, endMs: end }] : []
  })
  return {
    spans,
    lengthMs: report.measured.lengthMs,
    plannedMs: plan === undefined && endedEarly ? undefined : planned,
    endedEarly,
  }
}

function phasesOf({ phases }: Report): Span[] {
  let atMs = 0
  return phases.flatMap(({ name, measured, lengthMs }) => {
    const startMs = atMs
    atMs += lengthMs
    return measured ? [{ name, startMs, endMs: atMs }] : []
  })
}

/** A part of a window: other spans, and their length. */
export function partOf(window: MeasuredWindow, spans: readonly WindowSpan[]): MeasuredWindow {
  const lengthMs = spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
  return { ...window, spans, lengthMs }
}

/** Position of a time in the window: the measured time before it, ms. Times outside go to the nearest end. */
export function windowPosition({ spans }: MeasuredWindow, atMs: number): number {
  let before = 0
  for (const { startMs, endMs } of spans) {
    if (atMs < endMs) return before + Math.max(0, atMs - startMs)
    before += endMs - startMs
  }
  return before
}
