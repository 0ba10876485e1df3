import { windowsOf } from '../metrics/index.ts'
import type { Window } from '../metrics/index.ts'
import type { RecordSink, RequestRecord, SeenPart } from '../records/index.ts'

type Sink = Omit<RecordSink, 'onProblem'>

/** When a request was due, or else when it started: its place in the plan, by which phases, series and looks take it. */
export function dueOf({ dueMs, startMs }: Pick<RequestRecord, 'dueMs' | 'startMs'>): number {
  return dueMs ?? startMs
}

/**
 * Passes on only the part of a records file that a look has seen, so that a report made later rests on the same
 * requests. Tokens count as far as they were received by then, evenly from a request's first to its last.
 */
export function onlySeen(sink: Sink, { endMs, lines }: SeenPart): Sink {
  const seen = new Set<string>()
  return {
    ...sink,
    onRequest(record, line) {
      if (line > lines || dueOf(record) >= endMs) return
      if (sink.onAnswer !== undefined) seen.add(record.id)
      sink.onRequest(cutTokens(record, endMs), line)
    },
    onAnswer(record, line) {
      if (seen.has(record.id)) sink.onAnswer?.(record, line)
    },
    onServer(record, line) {
      if (record.atMs < endMs) sink.onServer?.(record, line)
    },
  }
}

function cutTokens(record: RequestRecord, endMs: number): RequestRecord {
  const { firstTokenMs, lastTokenMs, received } = record
  if (firstTokenMs === undefined || lastTokenMs === undefined || lastTokenMs <= endMs) return record
  const share = Math.max(0, (endMs - firstTokenMs) / (lastTokenMs - firstTokenMs))
  const entries = Object.entries(received)
  return {
    ...record,
    received: Object.fromEntries(entries.map(([phase, tokens]) => [phase, tokens * share])),
  }
}

interface Planned {
  readonly plan: {
    readonly phases: readonly {
      readonly name: string
      readonly startMs: number
      readonly endMs: number
      readonly measured: boolean
    }[]
    readonly endMs: number
  }
  readonly windows?: readonly Window[] | undefined
}

/** The same run with a plan that ends earlier; its slices stay as they were. @param atMs from the start of the load */
export function endedAt<T extends Planned>(run: T, atMs: number): T {
  const cut = <S extends { readonly startMs: number; readonly endMs: number }>(
    spans: readonly S[],
  ) =>
    spans
      .filter(({ startMs }) => startMs < atMs)
      .map((span) => ({ ...span, endMs: Math.min(span.endMs, atMs) }))
  const { plan, windows = windowsOf(plan.phases) } = run
  const ended = { ...plan, phases: cut(plan.phases), endMs: Math.min(plan.endMs, atMs) }
  return { ...run, plan: ended, windows: cut(windows) }
}
