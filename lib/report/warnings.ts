import { limitsSet } from '../metrics/index.ts'
import { lateText } from './figures/client.ts'
import { cleanText, count, duration, many, num, percent, plain } from '../tables/index.ts'
import { lengthWarnings } from './figures/lengths.ts'
import { noteWarnings } from './figures/notes.ts'
import { podNotes } from './figures/pods.ts'
import { countOf, trendOf } from './summary.ts'
import type { Summary } from './summary.ts'
import { TRUST } from '../metrics/index.ts'
import type { Report, RunInfo, ScopeReport, TrendStats } from '../results/index.ts'

type Warning = { type: string; message: string }

/** Why which figure cannot be trusted, or not as far as it looks. */
export function warningsOf(
  summary: Summary,
  run: RunInfo,
  report: Omit<Report, 'warnings' | 'verdict'>,
): Warning[] {
  const found: Warning[] = []
  const warn = (type: string, message: string) => found.push({ type, message })
  aboutLoad(run, report, warn)
  aboutClient(summary, run, report, warn)
  aboutTokens(summary, report.measured, warn)
  found.push(...noteWarnings(summary))
  aboutSamples(run, report.measured, warn)
  for (const steadiness of report.steadiness) {
    if (steadiness.status !== 'not_steady') continue
    warn(
      'not_steady',
      `${steadiness.subject} does not stand still in ${steadiness.phase}: ${steadiness.advice}`,
    )
  }
  for (const note of podNotes(report.pods)) warn('pods', note)
  if (summary.format === 'machine') {
    warn(
      'summary_format',
      'k6 ran with --new-machine-readable-summary, which leaves out p99 and the number of samples and the verdicts of thresholds; run without it for all figures',
    )
  } else if (missesStats(report.total)) {
    warn(
      'trend_stats',
      'summaryTrendStats lacks statistics that this summary shows (med, p(90), p(95), p(99), count): figures shown as – may exist',
    )
  }
  for (const message of [...(run.server?.warnings ?? []), ...run.warnings]) {
    warn('run', cleanText(message, 500))
  }
  return found.filter((w, i) => found.findIndex((other) => other.message === w.message) === i)
}

type Warn = (type: string, message: string) => void

function aboutLoad(run: RunInfo, report: Omit<Report, 'warnings' | 'verdict'>, warn: Warn): void {
  const { total, measured, phases } = report
  if (report.run.endedEarly) {
    const got = `${duration(total.lengthMs)} of ${duration(run.plan.endMs)}`
    warn(
      'ended_early',
      run.noEnd === true
        ? `the records have no end, as those of a killed process or a cut file: they reach to ${got}, and rates are over that time`
        : `the run ended after ${got}: rates are over the time that ran`,
    )
  }
  if (report.droppedIterations) {
    warn(
      'dropped_iterations',
      `${many(report.droppedIterations, 'request')} never sent, as no VU was free: the load was lower than asked (raise MAX_VUS or EXPECTED_E2E)`,
    )
  }
  for (const phase of phases.filter((p) => p.measured)) {
    const got = run.plan.loop === 'open' ? phase.startedPerS : phase.inFlight
    if (got === null || !phase.asked || got >= TRUST.achievedShare * phase.asked) continue
    warn(
      'load_not_reached',
      `${phase.name}: ${num(got)} of ${num(phase.asked)} ${cleanText(run.plan.unit)} asked were reached`,
    )
  }
  if (report.inFlightAtEnd) {
    warn(
      'cut_off',
      `${many(report.inFlightAtEnd, 'request')} still in flight when the run ended: in no figure but "started"`,
    )
  }
  if (measured.aborted) {
    warn(
      'aborted',
      `${many(measured.aborted, 'request')} given up by the client: neither failed nor completed`,
    )
  }
  if (measured.errorRate !== null && measured.errorRate > TRUST.errorShare && measured.completed) {
    warn(
      'survivors',
      `${percent(measured.errorRate)} of requests failed: latencies are those of the rest, which a failing server can make look good`,
    )
  }
}

function aboutClient(
  summary: Summary,
  run: RunInfo,
  report: Omit<Report, 'warnings' | 'verdict'>,
  warn: Warn,
): void {
  if (run.clock === 'handler') {
    warn(
      'clock_handler',
      "arrival times were taken when k6 ran the handler, not at the socket: a busy client makes TTFT and ITL look longer (the project's own k6 stamps at the socket)",
    )
  }
  if (run.clock === 'buffered') {
    warn(
      'buffered',
      'k6/http hands answers over whole: TTFT, TPOT and ITL cannot be had (its http_req_waiting is the time to headers, not to a token); E2E, throughput and errors are right',
    )
  }
  const lateness = trendOf(summary, 'llm_lateness')
  if (lateness.p99 !== null && lateness.p99 > TRUST.latenessP99Ms) {
    const { lateNoVu, lateClient } = report.client
    const why = lateText(lateNoVu, lateClient, run)
    warn(
      'lateness',
      `requests started late: p99 ${num(lateness.p99)} ms after they were due (limit ${plain(TRUST.latenessP99Ms)} ms), none was lost${why === '' ? '' : `; ${why}`}; TTFT from due is p95 ${num(trend(report.measured, 'llm_ttft_due').p95)} ms`,
    )
  }
  const pauses = trendOf(summary, 'llm_client_pause')
  if (pauses.count) {
    warn(
      'paused',
      `${many(pauses.count, 'request')} failed within 100 ms, and the closed loop waited after each, up to ${num(pauses.max)} ms: without that a server that is down would be asked hundreds of times a second`,
    )
  }
  if (report.client.status === 'limited') {
    warn('client_limited', `the client was the limit: ${report.client.reasons.join('; ')}`)
  }
  for (const message of lengthWarnings(report.lengths)) warn('lengths', message)
  const { distinctPrompts } = run
  if (distinctPrompts !== undefined && (report.total.started ?? 0) > distinctPrompts) {
    warn(
      'repeated_prompts',
      `${count(report.total.started)} requests had ${count(distinctPrompts)} different prompts: answers may come from the server's prefix cache (CACHE=cold makes each unique)`,
    )
  }
  if (run.gapSampling < 1) {
    warn(
      'gap_sampling',
      `ITL and ICL rest on a random ${percent(run.gapSampling)} of the gaps between chunks`,
    )
  }
}

function aboutTokens(summary: Summary, measured: ScopeReport, warn: Warn): void {
  const hidden = trendOf(summary, 'llm_output_tokens_per_request', {
    measured: 'true',
    reasoning: 'hidden',
  })
  const malformed = trendOf(summary, 'llm_output_tokens_per_request', {
    measured: 'true',
    events: 'malformed',
  })
  if (malformed.p50 !== null) {
    const answers = malformed.count === null ? 'some answers' : many(malformed.count, 'answer')
    warn(
      'malformed_events',
      `${answers} held events that are no frame of this API: whatever tokens they brought are in no figure`,
    )
  }
  const all = countOf(summary, 'llm_output_tokens', { measured: 'true', outcome: 'completed' })
  const guessed = countOf(summary, 'llm_output_tokens', {
    measured: 'true',
    outcome: 'completed',
    tokens: 'chunks',
  })
  if (hidden.p50 !== null) {
    warn(
      'hidden_reasoning',
      `the server billed more tokens than it streamed for ${hidden.count === null ? 'some' : count(hidden.count)} requests (hidden reasoning): they have no TPOT, and their tokens are counted by chunks`,
    )
  } else if (all && guessed) {
    warn(
      'tokens_estimated',
      `${percent(guessed / all)} of output tokens are chunks counted, as the server sent no usage, or one that cannot be: TPOT and tokens/s are estimates`,
    )
  }
  const [ttft, e2e, tpot] = [
    trend(measured, 'llm_ttft'),
    trend(measured, 'llm_e2e'),
    trend(measured, 'llm_tpot'),
  ]
  const length = trend(measured, 'llm_output_tokens_per_request')
  const long = length.p50 !== null && length.p50 >= TRUST.streamingTokens
  if (long && ttft.p50 !== null && e2e.p50 && ttft.p50 / e2e.p50 > TRUST.ttftShareOfE2e) {
    const why =
      tpot.p50 !== null && tpot.p50 < 1
        ? 'something on the way (a proxy, a gateway) holds the answer back and TTFT is no first token'
        : 'requests wait long before they are served, or something on the way holds the answer back'
    warn(
      'not_streaming',
      `TTFT is ${percent(ttft.p50 / e2e.p50)} of E2E (medians, ${count(length.p50)} tokens): ${why}`,
    )
  }
  const itl = trend(measured, 'llm_itl')
  if (itl.avg !== null && tpot.avg && itl.avg / tpot.avg > TRUST.tokensAChunk) {
    warn(
      'tokens_a_chunk',
      `the server sends about ${num(itl.avg / tpot.avg)} tokens per chunk without saying so: ITL is the time between chunks, TPOT the time per token (or it bills tokens that it does not stream, as hidden reasoning is: then TPOT is too small)`,
    )
  }
}

function aboutSamples(run: RunInfo, measured: ScopeReport, warn: Warn): void {
  const samples = trend(measured, 'llm_ttft').count
  if (samples !== null && samples > 0 && samples < TRUST.p99Samples) {
    const which = samples < TRUST.p95Samples ? 'p95 and p99 rest' : 'p99 rests'
    warn(
      'few_samples',
      `${many(samples, 'completed request')} measured: ${which} on the largest few (p95 needs ${TRUST.p95Samples}, p99 ${TRUST.p99Samples} at the least)`,
    )
  }
  if (limitsSet(run.slo).length === 0) {
    warn(
      'no_slo',
      'no latency limit was set (SLO_TTFT_P95 and the like): the verdict is on errors alone',
    )
  }
}

function trend(scope: ScopeReport, metric: string): TrendStats {
  return scope.metrics[metric] as TrendStats
}

function missesStats(total: ScopeReport): boolean {
  const ttft = trend(total, 'llm_ttft')
  const have = [ttft.p50, ttft.p90, ttft.p95, ttft.p99, ttft.max, ttft.avg]
  return have.some((f) => f !== null) && (have.some((f) => f === null) || ttft.count === null)
}
