/**
 * What `options.summaryTrendStats` must hold. `med` besides `p(50)`: the machine-readable summary
 * (--new-machine-readable-summary) carries med, p(90) and p(95) only.
 */
export const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(50)', 'p(90)', 'p(95)', 'p(99)', 'count']
