import { prefixIdsOf } from './columns.ts'
import type { Trace } from './types.ts'

/**
 * A trace as the lines (each with its end) of a CSV file in our own format, the header first.
 * Times are `timestamp_ms`: since 1970 where the trace has dates, else since the first request; to
 * the microsecond. Blocks of prefix ids of another size than 512 tokens have it in their column's name.
 */
export function* traceLines(trace: Trace): Generator<string> {
  const { sessions, apps, prompts, prefixIds } = trace
  const header = ['timestamp_ms', 'input_tokens', 'output_tokens']
  if (sessions) header.push('session')
  if (apps) header.push('app')
  if (prompts) header.push('prompt')
  if (prefixIds)
    header.push(trace.blockTokens === 512 ? 'prefix_ids' : `prefix_ids_${trace.blockTokens}`)
  yield `${header.join(',')}\n`
  const start = trace.startEpochMs ?? 0
  for (let i = 0; i < trace.rows; i++) {
    const at = Number((start + (trace.atMs[i] as number)).toFixed(3))
    const cells: (string | number)[] = [
      at,
      trace.inputTokens[i] as number,
      trace.outputTokens[i] as number,
    ]
    if (sessions) cells.push(sessions[i] === 0 ? '' : (sessions[i] as number))
    if (apps) cells.push(csvCell(trace.appNames[apps[i] as number] ?? ''))
    if (prompts) cells.push(csvCell(prompts[i] ?? ''))
    if (prefixIds) cells.push(prefixIdsOf(trace, i).join(' '))
    yield `${cells.join(',')}\n`
  }
}

/** A cell of a CSV file, in quotes where it needs them (RFC 4180). */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
