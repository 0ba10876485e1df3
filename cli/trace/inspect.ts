import { tickOf, type Trace, type TraceReport } from '../../lib/traces/index.ts'
import { ratesOver, statisticsOf, type LengthStatistics } from './statistics.ts'

const BARS = '▁▂▃▄▅▆▇█'

/** One character a value, from 0 to the largest; a blank for 0. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(...values, 1)
  return values
    .map((value) => (value === 0 ? ' ' : BARS[Math.min(7, Math.floor((value / most) * 8))]))
    .join('')
}

/** What a trace is, as text for a terminal of 80 columns. */
export function inspectText(trace: Trace, report: TraceReport | undefined): string {
  const s = statisticsOf(trace, 60_000)
  const bins = 60
  const lines = [
    row('format', formatText(trace, report)),
    row('requests', String(s.requests)),
    row('duration', spanText(s.durationMs)),
  ]
  if (trace.startEpochMs !== undefined) {
    lines.push(row('begins', new Date(trace.startEpochMs).toISOString()))
  }
  lines.push(
    row('mean rate', `${figure(s.meanRate)} requests/s`),
    row(
      'peak rate',
      `${figure(s.peakRate)} requests/s over ${spanText(s.peakWindowMs)}, peak/mean ${figure(s.peakToMean)}`,
    ),
    row(
      'gap CV',
      `${figure(s.gapCv)} in all, ${figure(s.localGapCv)} at the rate of the minute (Poisson: 1)`,
    ),
    row('input tokens', lengthText(s.inputTokens)),
    row('output tokens', lengthText(s.outputTokens)),
  )
  if (s.sessions !== undefined) lines.push(row('conversations', String(s.sessions)))
  for (const [name, count] of Object.entries(s.apps)) {
    lines.push(row('application', `${name === '' ? '(none)' : name}: ${count} requests`))
  }
  if (s.sharedBlocks !== undefined) {
    const share = `${figure(s.sharedBlocks * 100)} % of the blocks were in an earlier request`
    lines.push(row('prefixes', `${share} (blocks of ${trace.blockTokens} tokens)`))
  }
  lines.push('', `  ${sparkline(ratesOver(trace.atMs, bins))}`)
  lines.push(`  requests in ${bins} parts of ${spanText(s.durationMs / bins)} each`)
  const notes = notesOf(trace, report)
  if (notes.length > 0) lines.push('', ...notes.map((note) => `  note: ${note}`))
  return `${lines.join('\n')}\n`
}

function formatText(trace: Trace, report: TraceReport | undefined): string {
  if (report === undefined) return `${trace.format} (packed)`
  return `${trace.format}, times ${report.timeUnit === undefined ? 'are dates' : `in ${report.timeUnit}`}`
}

/** What a reader of the figures has to know of the file. */
export function notesOf(trace: Trace, report: TraceReport | undefined): string[] {
  const notes: string[] = []
  const tick = tickOf(trace.atMs)
  if (tick > 0) {
    const what = `times are rounded to ticks of ${figure(tick)} ms`
    notes.push(`${what}: gap CV is of the ticks; a replay spreads the requests over them`)
  }
  if (report === undefined) return notes
  for (const text of report.assumed) notes.push(`assumed: ${text}`)
  if (report.blankRows > 0)
    notes.push(`${report.blankRows} rows of delimiters only were passed over`)
  if (report.badRows > 0) {
    notes.push(`${report.badRows} rows were left out:`)
    for (const one of report.problems) notes.push(`  line ${one.line}: ${one.message}`)
  }
  if (report.unordered.rows > 0) {
    const first = `the first in line ${report.unordered.firstLine}`
    notes.push(`${report.unordered.rows} rows were earlier than the row before (${first}); sorted`)
  }
  const { input, output } = report.zeroTokens
  if (input + output > 0) {
    const what = `${input} rows have 0 input and ${output} rows 0 output tokens`
    notes.push(`${what} (failed requests?); a replay asks for 1`)
  }
  if (report.ignoredColumns.length > 0) {
    notes.push(`columns not used: ${report.ignoredColumns.join(', ')}`)
  }
  return notes
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(14)} ${value}`
}

function lengthText(s: LengthStatistics): string {
  const parts = [s.p50, s.p90, s.p95, s.p99].map(figure)
  return `p50 ${parts[0]}  p90 ${parts[1]}  p95 ${parts[2]}  p99 ${parts[3]}  max ${s.max}  mean ${figure(s.mean)}`
}

/** Three significant digits; a dash where there is no value. */
export function figure(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '-'
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}

export function spanText(ms: number): string {
  if (ms < 1000) return `${figure(ms)} ms`
  if (ms < 120_000) return `${figure(ms / 1000)} s`
  if (ms < 7_200_000) return `${figure(ms / 60_000)} min`
  return `${figure(ms / 3_600_000)} h`
}
