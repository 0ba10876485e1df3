import type { Closing, Shown } from '../tables/index.ts'
import type { Comparison, FigureChange } from './compare.ts'
import type { Gate } from './gate.ts'
import { changeText, intervalText, verdictText } from './show.ts'
import type { TrendReport } from './trend.ts'

const MARKS = {
  good: { mark: '✓', tone: 'good' },
  bad: { mark: '✗', tone: 'bad' },
  unclear: { mark: '±', tone: 'warn' },
  none: { mark: '·', tone: '' },
} as const

const LONGER = 'measure longer, or run --repeat 5, with the same SEED on both sides'

/**
 * The end of a comparison: what changed for certain, what could not be told, and what to do about it.
 * @param shown the comparisons as tables, in the same order
 */
export function comparisonClosing(
  comparisons: readonly Comparison[],
  shown: readonly Shown[],
): Closing {
  const [first] = comparisons
  if (first === undefined || comparisons.length > 1) return severalClosing(comparisons, shown)
  const open = first.figures.filter((f) => f.verdict === 'not proven' && !f.unchanged)
  const comparable = first.verdict !== 'not comparable'
  return {
    ...headOf(shown),
    // First, as the names of the runs may be long.
    headline: `${first.verdict}: ${shown[0]?.title.replace(`: ${first.verdict}`, '') ?? ''}`,
    rows: [
      ['why', comparable ? changed(first.figures) : unlike(first)],
      ['open', comparable ? open.map((f) => openText(f, first)) : []],
      ['next', [nextOf(first, open.length)]],
    ],
  }
}

/** The end of a gate: the cases that failed, or could. */
export function gateClosing({ cases, comparison, status }: Gate, shown: readonly Shown[]): Closing {
  const texts = cases
    .filter((c) => c.status !== 'passed')
    .map(({ title, change, message }) =>
      change === undefined ? `${title}: ${message}` : `${changeOf(change)}: ${message}`,
    )
  const next = {
    passed: '',
    failed: '-o gate.html shows both sides over time',
    unclear: LONGER,
    'not comparable': ALLOW,
  }
  return {
    ...headOf(shown),
    rows: [
      ['why', status === 'not comparable' ? unlike(comparison) : texts],
      ['next', [next[status]]],
    ],
  }
}

/** The end of a trend: where figures moved for good. */
export function trendClosing({ runs, trends }: TrendReport, shown: readonly Shown[]): Closing {
  const steps = trends.flatMap(({ title, step, scale }) =>
    step === null
      ? []
      : [`${title} ${changeText({ scale }, step.change)} from ${runs[step.at]?.name ?? ''} on`],
  )
  const none = `no step shown in ${trends.length} figures`
  return { ...headOf(shown), rows: [['steps', steps.length === 0 ? [none] : steps]] }
}

const ALLOW = '--allow KIND accepts a difference that is intended'

function severalClosing(comparisons: readonly Comparison[], shown: readonly Shown[]): Closing {
  const rows = comparisons.map(
    (c) => [c.verdict, [c.after.join(', '), ...changed(c.figures)]] as const,
  )
  const before = comparisons[0]?.before.join(', ') ?? ''
  return {
    ...MARKS.none,
    headline: `${shown.length} comparisons with ${before}`,
    rows,
  }
}

function headOf([first]: readonly Shown[]): Pick<Closing, 'mark' | 'tone' | 'headline'> {
  return { ...MARKS[first?.status ?? 'none'], headline: first?.title ?? '' }
}

function changed(figures: readonly FigureChange[]): string[] {
  return figures
    .filter(({ verdict }) => verdict === 'better' || verdict === 'worse')
    .map((f) => `${changeOf(f)} ${f.verdict}`)
}

/** `TTFT p95 +6 % not proven: about 12m on each side would prove it`. */
function openText(f: FigureChange, { method }: Comparison): string {
  return `${f.title} ${changeText(f, f.change)} ${verdictText(f, method)}`
}

/** `TTFT p95 +67 % (+50 % to +90 %)`. */
function changeOf(f: FigureChange): string {
  return `${f.title} ${changeText(f, f.change)} (${intervalText(f)})`
}

function unlike({ differences }: Comparison): string[] {
  return differences.filter(({ kind }) => kind !== 'told').map(({ message }) => message)
}

function nextOf({ verdict }: Comparison, open: number): string {
  if (verdict === 'not comparable') return ALLOW
  return open > 0 ? LONGER : '-o compare.html shows both sides over time'
}
