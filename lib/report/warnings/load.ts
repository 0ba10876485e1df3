import { TRUST, trustIn } from '../../metrics/index.ts'
import { cleanText } from '../../safe-text/index.ts'
import { duration, many, num, percent } from '../../tables/index.ts'
import { countOf } from '../summary.ts'
import { warnIf } from './types.ts'
import type { Seen, Warning } from './types.ts'

/** How far the load was the one that was asked for, and which part of it is in no figure. */
export function loadWarnings(seen: Seen): Warning[] {
  const { run, report } = seen
  const { total, measured } = report
  const { errorRate } = measured
  return [
    ...warnIf(report.run.endedEarly, 'ended_early', () => {
      const got = `${duration(total.lengthMs)} of ${duration(run.plan.endMs)}`
      const bound = report.bounds.find(({ ended }) => ended)
      if (bound !== undefined) {
        return `the load ended after ${got}, at ${bound.variable}: rates are over the time until the last answer ended`
      }
      return run.noEnd === true
        ? `the records have no end, as those of a killed process or a cut file: they reach to ${got}, and rates are over that time`
        : `the run ended after ${got}: rates are over the time that ran`
    }),
    ...warnIf(
      report.droppedIterations,
      'dropped_iterations',
      () =>
        `${many(report.droppedIterations ?? 0, 'request')} never sent, as no VU was free: the load was lower than asked (raise MAX_VUS or EXPECTED_E2E)`,
    ),
    ...notReached(seen),
    ...warnIf(
      report.inFlightAtEnd,
      'cut_off',
      () =>
        `${many(report.inFlightAtEnd ?? 0, 'request')} still in flight when the run ended: in no figure but "started"`,
    ),
    ...warnIf(
      measured.aborted,
      'aborted',
      () =>
        `${many(measured.aborted ?? 0, 'request')} given up by the client: neither failed nor completed`,
    ),
    ...warnIf(
      errorRate !== null &&
        measured.completed &&
        trustIn(errorRate, TRUST.errorShare) !== 'trustworthy',
      'survivors',
      () =>
        `${percent(errorRate)} of requests failed: latencies are those of the rest, which a failing server can make look good`,
    ),
  ]
}

/** A request of a conversation is not what was asked for, so they are counted by their first turns. */
function conversationsNotReached({ run, report, summary }: Seen): Warning[] {
  const { asked, lengthMs } = report.measured
  // In a closed loop each VU begins the next conversation at once.
  const begun = countOf(summary, 'llm_requests_started', { measured: 'true', turn: '1' })
  if (run.plan.loop === 'closed' || begun === null || !asked || lengthMs <= 0) return []
  const got = (begun * 1000) / lengthMs
  return warnIf(
    trustIn(got / asked, TRUST.achievedShare) !== 'trustworthy',
    'load_not_reached',
    () => `${num(got)} of ${num(asked)} ${cleanText(run.plan.unit)} asked were begun`,
  )
}

function notReached(seen: Seen): Warning[] {
  const { run, report } = seen
  if (run.plan.unit.startsWith('conversations')) return conversationsNotReached(seen)
  return report.phases
    .filter((phase) => phase.measured)
    .flatMap((phase) => {
      const got = run.plan.loop === 'open' ? phase.startedPerS : phase.inFlight
      if (got === null || !phase.asked) return []
      return warnIf(
        trustIn(got / phase.asked, TRUST.achievedShare) !== 'trustworthy',
        'load_not_reached',
        () =>
          `${phase.name}: ${num(got)} of ${num(phase.asked)} ${cleanText(run.plan.unit)} asked were reached`,
      )
    })
}
