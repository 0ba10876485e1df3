import type { Report, ScopeReport } from '../../lib/results/index.ts'

/**
 * A report without what its intervals decide. k6's summary and records give the same figures, but not the
 * same intervals: records know every value.
 */
export function byValue<T extends Pick<Report, 'measured' | 'phases' | 'slo'>>(report: T) {
  const scope = ({ intervals: _intervals, ...rest }: ScopeReport) => rest
  const slo = report.slo.map(({ interval: _interval, more: _more, verdict, ...rest }) => ({
    ...rest,
    open: verdict === 'unclear' || verdict === 'no_value' ? verdict : null,
  }))
  return { ...report, measured: scope(report.measured), phases: report.phases.map(scope), slo }
}
