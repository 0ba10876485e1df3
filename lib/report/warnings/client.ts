import { TRUST, trustIn } from '../../metrics/index.ts'
import { count, many, num, percent } from '../../tables/index.ts'
import { lateText } from '../figures/client.ts'
import { lengthWarnings } from '../figures/lengths.ts'
import { trendOf } from '../summary.ts'
import { trend, warnIf } from './types.ts'
import type { Seen, Warning } from './types.ts'

/** How the client, its clock and its prompts affected the figures. */
export function clientWarnings({ summary, run, report }: Seen): Warning[] {
  const { client, total } = report
  const { distinctPrompts } = run
  return [
    ...warnIf(
      run.clock === 'handler',
      'clock_handler',
      () =>
        "arrival times were taken when k6 ran the handler, not at the socket: a busy client makes TTFT and ITL look longer (the project's own k6 stamps at the socket)",
    ),
    ...warnIf(
      run.clock === 'buffered',
      'buffered',
      () =>
        'k6/http hands answers over whole: TTFT, TPOT and ITL cannot be measured (its http_req_waiting is the time to headers, not to a token); E2E, throughput and errors are right',
    ),
    ...lateness({ summary, run, report }),
    ...paused({ summary }),
    ...warnIf(
      client.status === 'limited',
      'client_limited',
      () => 'the client was the limit: the figures are its own, not the server’s',
    ),
    ...lengthWarnings(report.lengths).map((message) => ({ type: 'lengths', message })),
    ...warnIf(
      distinctPrompts !== undefined && (total.started ?? 0) > distinctPrompts,
      'repeated_prompts',
      () =>
        `${count(total.started)} requests had ${count(distinctPrompts)} different prompts: answers may come from the server's prefix cache (CACHE=cold makes each unique)`,
    ),
    ...warnIf(
      run.gapSampling < 1,
      'gap_sampling',
      () => `ITL and ICL rest on a random ${percent(run.gapSampling)} of the gaps between chunks`,
    ),
  ]
}

/** Lateness over the whole run, warm-up included. */
function lateness({ summary, run, report }: Seen): Warning[] {
  const { p99 } = trendOf(summary, 'llm_lateness')
  const late = p99 !== null && trustIn(p99, TRUST.latenessP99) !== 'trustworthy'
  const { lateNoVu, lateClient } = report.client
  const why = lateText(lateNoVu, lateClient, run)
  return warnIf(
    late,
    'lateness',
    () =>
      `requests started late: p99 ${num(p99)} ms after they were due (limit ${TRUST.latenessP99.degraded} ms), none was lost${why === '' ? '' : `; ${why}`}; TTFT from due is p95 ${num(trend(report.measured, 'llm_ttft_due').p95)} ms`,
  )
}

/** A closed loop that paused in order not to hammer a server that is down. */
function paused({ summary }: Pick<Seen, 'summary'>): Warning[] {
  const { count: pauses, max } = trendOf(summary, 'llm_client_pause')
  return warnIf(
    pauses,
    'paused',
    () =>
      `${many(pauses ?? 0, 'request')} failed within 100 ms, and the closed loop waited after each, up to ${num(max)} ms: without that a server that is down would be asked hundreds of times per second`,
  )
}
