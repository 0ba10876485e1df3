import { cleanData, cleanText } from '../safe-text/index.ts'
import { boundReports } from './figures/bounds.ts'
import { bunchReport } from './figures/bunches.ts'
import { CONFIDENCE, certainVerdicts, scopesWith } from './figures/certainty.ts'
import { clientReport } from './figures/client.ts'
import { divergenceReport } from './figures/divergence.ts'
import { driftReport } from './figures/drift.ts'
import { endpointReports } from './figures/endpoints.ts'
import { finishReports } from './figures/finishes.ts'
import { groupReports } from './figures/groups.ts'
import { lengthReport } from './figures/lengths.ts'
import { endedEarly, inFlightAtEnd, missingRequests } from './figures/missing.ts'
import { outcomeReports } from './figures/outcomes.ts'
import { ownFigures } from './figures/own.ts'
import { elapsedLoadMs, measuredScope, phaseScopes, totalScope } from './figures/scopes.ts'
import { podsReport } from './figures/pods.ts'
import { qualityReport } from './figures/quality.ts'
import { recoveryReport, sliceReports } from './figures/slices.ts'
import { sliceIntervals } from './figures/slice-intervals.ts'
import { serverReport } from './figures/server.ts'
import { sloVerdicts } from './figures/slo.ts'
import { steadinessReports } from './figures/steady.ts'
import { sweepReport } from './figures/sweep.ts'
import { readSummary } from './summary.ts'
import type { Summary } from './summary.ts'
import { verdictOf } from './verdict.ts'
import { runWarnings, warningsOf } from './warnings.ts'
import type { Figure, Report, RunInfo, WorkloadDigest } from '../results/index.ts'

/**
 * Builds the report, the one model that every output is rendered from.
 * @param summary what k6 passes to `handleSummary`, in either of its formats
 * @param run what k6 does not know: the plan, the limits, the clock
 * @throws Error when `summary` does not come from k6
 */
export function buildReport({ summary, run }: { summary: unknown; run: RunInfo }): Report {
  return reportOf(readSummary(summary), run)
}

/** Builds the report from a summary that has been read already. */
export function reportOf(summary: Summary, run: RunInfo): Report {
  const slices = sliceReports(summary, run)
  const total = totalScope(summary, run)
  const elapsedMs = elapsedLoadMs(summary, run)
  const intervals = sliceIntervals(summary, run)
  const scopes = phaseScopes(summary, run)
  const { measured, phases } = scopesWith(
    { measured: measuredScope(summary, run, scopes), phases: scopes },
    intervals,
  )
  const { confidence = CONFIDENCE, strict = false } = run
  const client = clientReport(summary, run, { measured, total })
  const bounds = boundReports(summary, run, endedEarly(run, elapsedMs))
  const bounded = bounds.some(({ ended }) => ended)
  const missing = missingRequests(run, measured, elapsedMs, bounded)
  const pods = podsReport(run)
  const bunches = bunchReport(summary, measured)
  const byValue = sloVerdicts(summary, run, {
    missing,
    bunches,
    client,
    completed: measured.completed ?? 0,
    wholeLoad: pods === null || pods.doubts.length === 0,
  })
  const slo = certainVerdicts(byValue, measured, confidence)
  const text = (value: string | undefined) => (value === undefined ? null : cleanText(value))
  const report: Omit<Report, 'warnings' | 'verdict'> = {
    format: 'k6-inference-report',
    version: 1,
    run: {
      scenario: cleanText(run.scenario),
      testid: text(run.testid),
      startedAt: text(run.startedAt),
      durationMs: summary.durationMs,
      plannedMs: run.plan.endMs,
      endedEarly: endedEarly(run, elapsedMs),
      aborted: run.aborted
        ? { where: run.aborted.where, reason: cleanText(run.aborted.reason, 1000) }
        : (preflightProblem(summary) ?? unfinishedSetup(run, total.started)),
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
      workload: run.workload === undefined ? null : (cleanData(run.workload) as WorkloadDigest),
    },
    certainty: { confidence, strict, source: intervals.source },
    steady: [],
    overload: [...(intervals.overload ?? [])],
    measured,
    total,
    phases,
    outcomes: outcomeReports(summary),
    finishes: finishReports(summary),
    slo,
    droppedIterations: total.dropped,
    inFlightAtEnd: inFlightAtEnd(run, total),
    recovery: recoveryReport(run, slices),
    steadiness: steadinessReports(run, slices),
    slices,
    client,
    bounds,
    bunches,
    lengths: lengthReport(summary),
    sweep: sweepReport(run, phases),
    endpoints: endpointReports(summary, run),
    groups: groupReports(summary, run),
    drift: driftReport(run, slices),
    quality: qualityReport(summary, run),
    divergence: divergenceReport(summary, run),
    server: serverReport(summary, run),
    pods,
    own: ownFigures(summary, run, slo),
  }
  const verdict = verdictOf(report)
  const warnings =
    verdict.status === 'no_load' ? runWarnings(run) : warningsOf({ summary, run, report })
  return { ...report, verdict, warnings }
}

/** The problem that setup() left as a tag of a counter: its message does not reach handleSummary. */
function preflightProblem(summary: Summary): Report['run']['aborted'] {
  for (const [name, metric] of summary.metrics) {
    const found = /^llm_preflight_failed\{problem:(.+)\}$/.exec(name)
    if (found && (metric.values['count'] ?? 0) > 0) {
      const problem = cleanText(found[1] as string).replace(/_/g, ' ')
      return { where: 'preflight', reason: `preflight: ${problem} (its message is in k6's log)` }
    }
  }
  return null
}

/** What setup() returns has its start: without it, and without any request, it did not come to its end. */
function unfinishedSetup(run: RunInfo, started: Figure): Report['run']['aborted'] {
  if (run.startedAt !== undefined || started) return null
  const reason = 'ended in the set-up (preflight, calibration), before the load began'
  return { where: 'setup', reason }
}
