import { NONE, count, fromTo, num, percent, signedPercent } from '../../tables/index.ts'
import type { Shown } from '../../tables/index.ts'
import { LATENCIES } from '../latencies.ts'
import type { Difference } from './types.ts'

/** The differences as a table. */
export function differencesShown(differences: readonly Difference[]): Shown {
  return {
    title: `Differences to ${differences[0]?.with ?? NONE}, over the same prompts`,
    status: 'none',
    facts: [],
    heading: ['', '', 'prompts', 'value', 'the other', 'change', '95 % interval', 'verdict'],
    align: 'llrrrrrl',
    rows: differences.map((one) => [
      one.name,
      titleOf(one.figure),
      count(one.pairs),
      valueText(one, one.value),
      valueText(one, one.valueOfOther),
      one.change === null ? NONE : changeText(one, one.change),
      fromTo(one, (end) => changeText(one, end)),
      one.pairs === 0 ? 'no pairs' : one.verdict,
    ]),
    tones: differences.map(({ verdict }) =>
      verdict === 'better' ? 'good' : verdict === 'worse' ? 'bad' : '',
    ),
    notes: [
      'Pairs are requests of one prompt, so what is hard for both does not count. Latencies are medians, and their change is the median of the pairs’ ratios; shares change by points, with Newcombe’s interval for paired data. Each interval is its own; "unclear" means that it reaches over 0.',
    ],
  }
}

/** Graders and shares are called by their names. */
function titleOf(figure: string): string {
  return LATENCIES.find(({ short }) => short === figure)?.title ?? figure
}

function valueText({ scale }: Difference, value: number | null): string {
  if (scale === 'difference') return percent(value)
  return value === null ? NONE : `${num(value)} ms`
}

function changeText({ scale }: Difference, change: number): string {
  return scale === 'ratio' ? signedPercent(change) : percent(change).replace('%', 'pp')
}
