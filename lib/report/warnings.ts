import { cleanText } from '../safe-text/index.ts'
import type { Report, RunInfo, SteadinessReport } from '../results/index.ts'
import { noteWarnings } from './figures/notes.ts'
import { podNotes } from './figures/pods.ts'
import { isOverloaded } from './formats/steady-text.ts'
import { answerWarnings } from './warnings/answers.ts'
import { clientWarnings } from './warnings/client.ts'
import { divergenceWarnings } from './warnings/divergence.ts'
import { loadWarnings } from './warnings/load.ts'
import { qualityWarnings } from './warnings/quality.ts'
import { sampleWarnings } from './warnings/samples.ts'
import { serverWarnings } from './warnings/server.ts'
import { trend, warnIf } from './warnings/types.ts'
import type { Seen, Warning } from './warnings/types.ts'

/** Which figures cannot be trusted, or only in part, and why; each message once. */
export function warningsOf(seen: Seen): Warning[] {
  const found = [
    ...loadWarnings(seen),
    ...clientWarnings(seen),
    ...answerWarnings(seen),
    ...noteWarnings(seen.summary),
    ...qualityWarnings(seen),
    ...divergenceWarnings(seen),
    ...sampleWarnings(seen),
    ...serverWarnings(seen),
    ...steadinessWarnings(seen),
    ...podNotes(seen.report.pods).map((message) => ({ type: 'pods', message })),
    ...summaryWarnings(seen),
    ...runWarnings(seen.run),
  ]
  return found.filter((w, i) => found.findIndex((other) => other.message === w.message) === i)
}

/** Warnings that were known before the load. */
export function runWarnings(run: RunInfo): Warning[] {
  const messages = [...(run.server?.warnings ?? []), ...run.warnings]
  return messages.map((message) => ({ type: 'run', message: cleanText(message, 500) }))
}

function steadinessWarnings({ report }: Seen): Warning[] {
  return report.steadiness.flatMap((one) =>
    warnIf(one.status === 'not_steady' && !isOverloaded(report, one.phase), 'not_steady', () =>
      movingText(one),
    ),
  )
}

function movingText({ subject, phase, advice }: SteadinessReport): string {
  return `${subject} does not stand still in ${phase}: ${advice}`
}

/** The warnings of a report less those on what moves in a phase of which more is known: it is overloaded. */
export function withoutMoving(
  report: Pick<Report, 'warnings' | 'steadiness' | 'overload'>,
): Warning[] {
  const known = report.steadiness.filter(({ phase }) => isOverloaded(report, phase)).map(movingText)
  return report.warnings.filter(({ message }) => !known.includes(message))
}

function summaryWarnings({ summary, report }: Seen): Warning[] {
  if (summary.format === 'machine') {
    const message =
      'k6 ran with --new-machine-readable-summary, which leaves out p99 and the number of samples and the verdicts of thresholds; run without it for all figures'
    return [{ type: 'summary_format', message }]
  }
  const ttft = trend(report.total, 'llm_ttft')
  const have = [ttft.p50, ttft.p90, ttft.p95, ttft.p99, ttft.max, ttft.avg]
  const some = have.some((figure) => figure !== null)
  return warnIf(
    some && (have.some((figure) => figure === null) || ttft.count === null),
    'trend_stats',
    () =>
      'summaryTrendStats lacks statistics that this summary shows (med, p(90), p(95), p(99), count): figures shown as – may exist',
  )
}
