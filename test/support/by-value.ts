import type { Report } from '../../lib/results/index.ts'

type Scopes = Pick<Report, 'measured' | 'phases' | 'slo'>
type Rows = Partial<Pick<Report, 'groups' | 'endpoints'>>

/**
 * A report without what its intervals decide. k6's summary and records give the same figures, but not the
 * same intervals: records know every value, and only they tell any of groups and endpoints.
 */
export function byValue<T extends Scopes & Rows>(report: T) {
  const { groups, endpoints } = report
  const slo = report.slo.map(({ interval: _interval, more: _more, verdict, ...rest }) => ({
    ...rest,
    open: verdict === 'unclear' || verdict === 'no_value' ? verdict : null,
  }))
  return {
    ...report,
    measured: plain(report.measured),
    phases: report.phases.map(plain),
    ...(groups && { groups: groups.map(plain) }),
    ...(endpoints && { endpoints: endpoints.map(plain) }),
    slo,
  }
}

function plain<T extends { intervals?: unknown }>({ intervals: _intervals, ...rest }: T) {
  return rest
}
