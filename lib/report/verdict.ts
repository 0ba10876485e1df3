import { boundText } from './figures/bounds.ts'
import { isBunched, keeps } from './figures/slo.ts'
import { moreText, sloFigure } from './formats/limit-text.ts'
import { count, duration, inWords, percent, plain } from '../tables/index.ts'
import type { Report, SloVerdict } from '../results/index.ts'

/** What a verdict is based on. */
type Judged = Omit<Report, 'warnings' | 'verdict'>
type Verdict = Report['verdict']

interface Rule {
  applies: (report: Judged) => boolean
  status: Verdict['status']
  headline: string
  reasons: (report: Judged) => string[]
  /** What helps from here. */
  next: string | ((report: Judged) => string)
}

const LOWER_LOAD = 'npx k6-inference capacity finds the load that keeps the limits'
const HIGHER = 'npx k6-inference run rate-sweep shows at which load it breaks'
const LONGER = (report: Judged) =>
  report.phases.filter(({ measured }) => measured).length === 1
    ? 'npx k6-inference run --until decided ends once they are decided'
    : 'npx k6-inference run --repeat 5 shows how far chance moves them'

/**
 * The rules for the verdict on a run; the first that applies decides. First comes what was proved, as it
 * stays true whatever else is wrong with the run; then what leaves the rest without proof; a pass is last.
 */
const RULES: readonly Rule[] = [
  {
    applies: ({ run, total }) => run.aborted?.where === 'preflight' || !total.started,
    status: 'no_load',
    headline: 'No load was sent',
    reasons: ({ run }) => [run.aborted?.reason ?? 'no request was started'],
    next: 'npx k6-inference check says what the server is and can do',
  },
  {
    applies: ({ slo }) => slo.some((v) => v.id === 'completed' && v.verdict === 'missed'),
    status: 'failed',
    headline: 'No request completed',
    reasons: (r) => ['no measured request completed', ...proved(r)],
    next: 'see the outcomes above; npx k6-inference check asks one request',
  },
  {
    applies: ({ slo }) => slo.some((v) => !v.builtIn && v.verdict === 'missed'),
    status: 'failed',
    headline: 'SLO missed',
    reasons: (r) => proved(r),
    next: LOWER_LOAD,
  },
  {
    applies: ({ slo }) => slo.some((v) => v.verdict === 'missed'),
    status: 'failed',
    headline: 'Too many requests failed',
    reasons: (r) => proved(r),
    next: 'see the outcomes above; a lower load tells whether it is the load',
  },
  {
    applies: ({ own }) => own.thresholds.some((t) => t.ok === false),
    status: 'failed',
    headline: 'A threshold failed',
    reasons: (r) => [...proved(r), ...openLimits(r)],
    next: 'see the thresholds above',
  },
  {
    applies: (r) => (r.run.endedEarly && !bounded(r)) || r.run.aborted !== null,
    status: 'unclear',
    headline: 'Stopped early',
    reasons: (r) => [...stopped(r), ...podDoubts(r), ...doubts(r), ...withoutValue(r)],
    next: 'run it to its end: nothing is proved of what was not run',
  },
  {
    applies: ({ pods }) => (pods?.doubts ?? []).length > 0,
    status: 'unclear',
    headline: 'Pods missing or apart: not judged',
    reasons: (r) => [...podDoubts(r), ...withoutValue(r)],
    next: 'merge the records of all pods; k6-inference k8s run collects them',
  },
  {
    applies: ({ client }) => client.status === 'limited',
    status: 'unclear',
    headline: 'Limited by the client: not judged',
    reasons: (r) => [...r.client.reasons, ...beyond(r)],
    next: 'npx k6-inference plan says what machine this load takes',
  },
  {
    applies: ({ slo }) => slo.some(isBunched),
    status: 'unclear',
    headline: 'Tokens came in bunches: not judged',
    reasons: (r) => [...doubts(r), ...withoutValue(r)],
    next: 'look for a buffering proxy: npx k6-inference check tells',
  },
  {
    applies: ({ slo }) => slo.some((v) => v.verdict === 'unclear'),
    status: 'unclear',
    headline: 'Cut off by the end: not judged',
    reasons: (r) => [...doubts(r), ...withoutValue(r)],
    next: 'a longer DRAIN lets the last requests end',
  },
  {
    applies: ({ slo, own }) =>
      slo.some((v) => v.verdict === 'no_value') || own.thresholds.some((t) => t.ok === null),
    status: 'unclear',
    headline: 'SLO not fully judged',
    reasons: withoutValue,
    next: 'set limits on figures that this run has',
  },
  {
    applies: (r) => r.certainty?.strict === true && r.slo.some(leftOpen),
    status: 'failed',
    headline: 'SLO not proven (STRICT)',
    reasons: (r) => [...stopped(r), ...openLimits(r)],
    next: LONGER,
  },
  {
    applies: ({ slo }) => slo.some((v) => leftOpen(v) && !asMeasured(v)),
    status: 'undecided',
    headline: 'SLO missed as measured, not proven',
    reasons: (r) => [...stopped(r), ...openLimits(r)],
    next: LONGER,
  },
  {
    applies: ({ slo }) => slo.some(leftOpen),
    status: 'undecided',
    headline: 'SLO undecided',
    reasons: (r) => [...stopped(r), ...openLimits(r)],
    next: LONGER,
  },
  {
    applies: ({ slo, own }) => slo.every((v) => v.builtIn) && own.thresholds.length === 0,
    status: 'no_limits',
    headline: 'No limits set',
    reasons: (r) => ['nothing to judge: SLO_TTFT_P95 and the like set limits', ...stopped(r)],
    next: HIGHER,
  },
  {
    applies: ({ slo }) => slo.every((v) => v.builtIn),
    status: 'passed',
    headline: 'Thresholds kept',
    reasons: (r) => stopped(r),
    next: HIGHER,
  },
  {
    applies: () => true,
    status: 'passed',
    headline: 'SLO kept',
    reasons: (r) => stopped(r),
    next: HIGHER,
  },
]

/** Whether the load ended early because it had spent what it may: a normal end, of a shorter load. */
function bounded({ bounds }: Judged): boolean {
  return bounds.some(({ ended }) => ended)
}

/** Judges a run by its report, which holds everything that the verdict is based on. */
export function verdictOf(report: Judged): Verdict {
  const { status, headline, reasons } = ruleOf(report)
  return { status, headline, reasons: reasons(report) }
}

/** What helps whoever reads a report's verdict: a sentence, or a command. */
export function nextStep(report: Judged): string {
  const { next } = ruleOf(report)
  return typeof next === 'string' ? next : next(report)
}

function ruleOf(report: Judged): Rule {
  return RULES.find(({ applies }) => applies(report)) as Rule
}

/** A limit with its figure: `TTFT p95 1,761 ms (1,430 to 2,010), at most 800 ms`. */
function limitText(v: SloVerdict): string {
  const { title, value, limit, unit, direction } = v
  if (value === null) return `${title} has no value`
  if (unit === 'requests') return `${title} ${count(value)}, ${direction} ${count(limit)}`
  const bound = unit === 'share' ? percent(limit) : `${plain(limit)} ms`
  return `${title} ${sloFigure(v)}, ${direction} ${bound}`
}

/** Whether the samples do not prove a limit that counts: one that was set, or one beyond which the value lies. */
export function leftOpen(v: SloVerdict): boolean {
  return v.verdict === 'undecided' && (!v.builtIn || !asMeasured(v))
}

/** What each undecided limit would take; where k6 has decided otherwise, that it has. */
function openLimits(report: Judged): string[] {
  const open = report.slo.filter(leftOpen)
  const beyond = open.filter((v) => !asMeasured(v)).map(({ title }) => title)
  const { lengthMs } = report.measured
  return [
    ...open.map((v) => `${limitText(v)}: ${moreText(v.more, lengthMs)} would decide it`),
    ...(beyond.length === 0
      ? []
      : [
          `k6 exits with 99 for ${inWords(beyond)}: it judges the value as measured, whatever chance did`,
        ]),
  ]
}

/** What failed; how the run ended comes first. */
function proved(report: Judged): string[] {
  const missed = report.slo.filter((v) => v.verdict === 'missed' && v.id !== 'completed')
  const thresholds = report.own.thresholds.filter((t) => t.ok === false)
  return [
    ...stopped(report),
    ...missed.map(limitText),
    ...thresholds.map((t) => `threshold ${t.metric}: ${t.expression}`),
    ...podDoubts(report),
  ]
}

function podDoubts({ pods }: Judged): readonly string[] {
  return pods?.doubts ?? []
}

/** How far a run got that did not reach its end; [] for others. */
function stopped({ run, total, phases, bounds }: Judged): string[] {
  const spent = bounds.filter(({ ended }) => ended).map((bound) => `ended at ${boundText(bound)}`)
  const why = run.aborted === null ? spent : [`stopped: ${run.aborted.reason}`]
  if (!run.endedEarly) return why
  const missing = phases.filter((phase) => phase.lengthMs <= 0).map(({ name }) => name)
  const never = missing.length === 0 ? '' : `, without ${missing.join(', ')}`
  return [...why, `ran ${duration(total.lengthMs)} of ${duration(run.plannedMs)}${never}`]
}

/** Why a limit is neither kept nor missed: its figure and interval, and what hides the truth, if not chance. */
export function whyOpen(v: SloVerdict): string {
  if (v.note !== '') return `${limitText(v)}: ${v.note}`
  const { low = null, high = null } = v.interval ?? {}
  const bounded = v.value === null || (low !== null && high !== null)
  return bounded ? limitText(v) : `${limitText(v)}: not bounded on both sides yet`
}

/** Limits without proof, grouped by reason; a figure beyond its limit is shown with it. */
function doubts({ slo }: Judged): string[] {
  const unclear = slo.filter((v) => v.verdict === 'unclear')
  const notes = [...new Set(unclear.map((v) => v.note))]
  return notes.map((note) => {
    const own = unclear.filter((v) => v.note === note)
    return `${own.map((v) => (isKept(v) ? v.title : limitText(v))).join('; ')}: ${note}`
  })
}

/** Figures beyond their limits about which nothing is proved. */
function beyond({ slo }: Judged): string[] {
  const missed = slo.filter((v) => v.verdict === 'unclear' && !isKept(v))
  return missed.map((v) => `${limitText(v)}, as far as it can be trusted`)
}

function withoutValue({ slo, own }: Judged): string[] {
  const untold = own.thresholds.filter((t) => t.ok === null)
  return [
    ...slo.filter((v) => v.verdict === 'no_value').map((v) => `${v.title} has no value`),
    ...untold.map((t) => `threshold ${t.metric}: ${t.expression} cannot be told from its pods`),
  ]
}

/**
 * Whether a limit is missed by its value as measured, whatever chance may have done to it: then k6 exits
 * with 99.
 */
export function missedAsMeasured({ slo, own }: Pick<Report, 'slo' | 'own'>): boolean {
  return (
    slo.some((v) => v.value !== null && !asMeasured(v)) ||
    own.thresholds.some(({ ok }) => ok === false)
  )
}

/** Whether k6's threshold, which knows the value alone, is kept. */
export function asMeasured(v: SloVerdict): boolean {
  return v.thresholdKept ?? isKept(v)
}

function isKept(v: SloVerdict): boolean {
  return v.value !== null && keeps(v.value, v)
}
