import { cleanData, cleanText, besides, count, percent, plain } from '../tables/index.ts'
import { clientReport } from './figures/client.ts'
import { driftReport } from './figures/drift.ts'
import { endpointReports } from './figures/endpoints.ts'
import { groupReports } from './figures/groups.ts'
import { lengthReport } from './figures/lengths.ts'
import { outcomeReports } from './figures/outcomes.ts'
import { ownFigures } from './figures/own.ts'
import { elapsedLoadMs, measuredScope, phaseScopes, totalScope } from './figures/scopes.ts'
import { podsReport } from './figures/pods.ts'
import { recoveryReport, sliceReports } from './figures/slices.ts'
import { serverReport } from './figures/server.ts'
import { sloVerdicts } from './figures/slo.ts'
import { steadinessReports } from './figures/steady.ts'
import { sweepReport } from './figures/sweep.ts'
import { readSummary } from './summary.ts'
import type { Summary } from './summary.ts'
import { warningsOf } from './warnings.ts'
import type { Report, RunInfo, SloVerdict } from '../results/index.ts'

/** A run counts as ended early when it misses more than this of its plan: k6 rounds ends. */
const EARLY_MS = 1_000

/**
 * Makes the one model that every output is written from.
 * @param summary what k6 gives `handleSummary`, in either of its formats
 * @param run what k6 does not know: the plan, the limits, the clock
 * @throws Error when `summary` is not k6's
 */
export function buildReport({ summary: data, run }: { summary: unknown; run: RunInfo }): Report {
  const summary = readSummary(data)
  const slices = sliceReports(summary, run)
  const total = totalScope(summary, run)
  const slo = sloVerdicts(summary, run)
  const measured = measuredScope(summary, run)
  const phases = phaseScopes(summary, run)
  const text = (value: string | undefined) => (value === undefined ? null : cleanText(value))
  const report: Omit<Report, 'warnings' | 'verdict'> = {
    format: 'k6-inference-report',
    version: 1,
    run: {
      scenario: cleanText(run.scenario),
      testid: text(run.testid),
      startedAt: text(run.startedAt),
      durationMs: summary.durationMs,
      endedEarly: run.noEnd === true || elapsedLoadMs(summary, run) < run.plan.endMs - EARLY_MS,
      aborted: run.aborted
        ? { where: run.aborted.where, reason: cleanText(run.aborted.reason, 1000) }
        : null,
    },
    environment: {
      k6Version: text(run.k6Version) ?? summary.k6Version,
      model: text(run.server?.model),
      server: text(run.server?.server),
      clock: run.clock ?? null,
      gapSampling: run.gapSampling,
      config: cleanData(run.config) as Record<string, unknown>,
    },
    load: {
      shape: cleanText(run.plan.shape),
      loop: run.plan.loop,
      unit: cleanText(run.plan.unit),
      peak: run.plan.peak,
      maxVUs: run.plan.maxVUs,
      drainMs: run.plan.drainMs,
      segment: run.plan.segment,
    },
    measured,
    total,
    phases,
    outcomes: outcomeReports(summary),
    slo,
    droppedIterations: total.dropped,
    inFlightAtEnd:
      run.finishedOnly === true || total.started === null || total.finished === null
        ? null
        : Math.max(0, total.started - total.finished),
    recovery: recoveryReport(run, slices),
    steadiness: steadinessReports(run, slices),
    slices,
    client: clientReport(summary, run, { measured, total }),
    lengths: lengthReport(summary),
    sweep: sweepReport(run, phases),
    endpoints: endpointReports(summary, run),
    groups: groupReports(summary, run),
    drift: driftReport(run, slices),
    server: serverReport(summary, run),
    pods: podsReport(run),
    own: ownFigures(summary, slo),
  }
  const verdict = verdictOf(report, summary)
  const warnings =
    verdict.status === 'no_load' ? runWarnings(run) : warningsOf(summary, run, report)
  return { ...report, verdict, warnings }
}

function verdictOf(
  report: Omit<Report, 'warnings' | 'verdict'>,
  summary: Summary,
): Report['verdict'] {
  const { aborted } = report.run
  if (aborted?.where === 'preflight' || !report.total.started) {
    const problem = aborted?.reason ?? preflightProblem(summary)
    const reasons = problem === undefined ? ['no request was started'] : [problem]
    return { status: 'no_load', headline: 'No load was sent', reasons }
  }
  const stopped = aborted === null ? [] : [`stopped: ${aborted.reason}`]
  const missed = report.slo.filter((v) => v.verdict === 'missed').map(missedText)
  const doubts = report.pods?.doubts ?? []
  const own = report.own.thresholds
    .filter((t) => t.ok === false)
    .map((t) => `threshold ${t.metric}: ${t.expression}`)
  const cut = aborted !== null || report.run.endedEarly
  if (report.measured.finished === 0 && cut) {
    const reasons = [...stopped, 'the run ended before a measured request did']
    return { status: 'unclear', headline: 'Stopped early', reasons }
  }
  if (report.measured.completed === 0) {
    const reasons = [...stopped, 'no measured request completed', ...missed, ...own, ...doubts]
    return { status: 'failed', headline: 'SLO missed', reasons }
  }
  if (missed.length > 0 || own.length > 0) {
    const headline = missed.length > 0 ? 'SLO missed' : 'A threshold failed'
    return { status: 'failed', headline, reasons: [...stopped, ...missed, ...own, ...doubts] }
  }
  const unknown = report.slo.filter((v) => v.verdict === 'no_value')
  const untold = report.own.thresholds
    .filter((t) => t.ok === null)
    .map((t) => `threshold ${t.metric}: ${t.expression} cannot be told from its pods`)
  if (unknown.length > 0 || aborted !== null || doubts.length + untold.length > 0) {
    const reasons = [
      ...stopped,
      ...doubts,
      ...untold,
      ...unknown.map((v) => `${v.title} has no value`),
    ]
    return { status: 'unclear', headline: 'SLO not fully judged', reasons }
  }
  return { status: 'passed', headline: 'SLO kept', reasons: [] }
}

function missedText(v: SloVerdict): string {
  if (v.value === null) return `${v.title} has no value`
  const unit = v.unit === 'ms' ? ' ms' : ''
  if (v.unit === 'share')
    return `${v.title} ${percent(v.value)}, ${v.direction} ${percent(v.limit)}`
  if (v.unit === 'requests') return `${v.title} ${count(v.value)}, ${v.direction} ${count(v.limit)}`
  return `${v.title} ${besides(v.value, v.limit)}${unit}, ${v.direction} ${plain(v.limit)}${unit}`
}

/** The problem that setup() left as a counter's tag: its words do not reach handleSummary. */
function preflightProblem(summary: Summary): string | undefined {
  for (const [name, metric] of summary.metrics) {
    const found = /^llm_preflight_failed\{problem:(.+)\}$/.exec(name)
    if (found && (metric.values['count'] ?? 0) > 0) {
      return `preflight: ${cleanText(found[1] as string).replace(/_/g, ' ')} (its message is in k6's log)`
    }
  }
  return undefined
}

function runWarnings(run: RunInfo): Report['warnings'] {
  return run.warnings.map((message) => ({
    type: 'run',
    message: cleanText(message, 500),
  }))
}
