import { NONE, money, percent, plusMinus, plusMinusPercent } from '../tables/index.ts'
import type { Shown, Tone } from '../tables/index.ts'
import type { AxisInfo, Configuration, Frontier, Measured, Standing } from './types.ts'

const MARKS: Readonly<Record<Standing, string>> = {
  front: '●',
  open: '○',
  dominated: '×',
  out: '',
  no_value: '',
}

/** The results as a table: a row each, marked for each figure that quality is set against. */
export function frontierShown({ quality, against, configurations }: Frontier): Shown {
  return {
    title: `Quality against speed${against.some(isCost) ? ' and cost' : ''}, ${configurations.length} results`,
    status: 'none',
    facts: configurations.flatMap((one) => factsOf(one, against)),
    heading: ['', quality.title, ...against.map(headingOf), ''],
    align: `l${'r'.repeat(against.length + 1)}l`,
    rows: configurations.map((one) => [
      one.broken.length > 0 ? `✗ ${one.name}` : one.name,
      valueText(quality, one.values['quality']!),
      ...against.map((axis) =>
        `${MARKS[one.standing[axis.id]!]} ${valueText(axis, one.values[axis.id]!)}`.trim(),
      ),
      wordOf(one),
    ]),
    tones: configurations.map(toneOf),
    notes: [
      '● not dominated: no other result is better in one of quality and this figure and no worse in the other, as measured. × dominated: the intervals prove that one is. ○ one is as measured, but its lead may be chance. ✗ breaks a limit, so it is no choice and leads nobody.',
    ],
  }
}

/** A figure with its interval; money and rates with three digits. */
export function valueText({ unit }: AxisInfo, { value, low, high }: Measured): string {
  if (value === null) return NONE
  if (unit === 'share') return plusMinusPercent(value, { low, high })
  if (low === value && high === value) return money(value)
  if (unit === 'ms' || unit === 'tokens/s') return plusMinus(value, { low, high })
  const ends = low === null || high === null ? NONE : `${money(low)} to ${money(high)}`
  return `${money(value)} (${ends})`
}

/** A figure with its unit: `TTFT p95, ms`. */
export function headingOf({ title, unit }: AxisInfo): string {
  return unit === 'share' ? title : `${title}, ${unit}`
}

export function isCost({ id }: AxisInfo): boolean {
  return id.startsWith('cost_')
}

/** Which other results are ahead, and which limits the run did not decide. */
function factsOf(
  { name, standing, behind, broken, undecided }: Configuration,
  against: readonly AxisInfo[],
): string[] {
  const proved = against.filter(({ id }) => standing[id] === 'dominated')
  const by = (id: string) => (behind[id] ?? []).join(', ')
  const parts = proved.map(({ id, title }) => `${title} by ${by(id)}`)
  return [
    ...(proved.length === 0
      ? []
      : [`${name} is dominated for certain in quality and ${parts.join('; in quality and ')}.`]),
    ...(undecided.length === 0 || broken.length > 0
      ? []
      : [`${name} may break a limit: ${undecided.join(', ')} undecided.`]),
  ]
}

function wordOf({ broken, standing }: Configuration): string {
  if (broken.length > 0) return `out: breaks ${broken.join(', ')}`
  const all = Object.values(standing)
  const front = all.filter((one) => one === 'front').length
  return `not dominated in ${front} of ${all.length}`
}

function toneOf({ broken, standing }: Configuration): Tone {
  if (broken.length > 0) return 'bad'
  return Object.values(standing).includes('front') ? 'good' : ''
}

/** For the legend of a chart: `97.2 % at 812 ms`. */
export function pointText(quality: Measured, axis: AxisInfo, at: Measured): string {
  const shown = axis.unit === 'share' ? percent(at.value) : `${money(at.value ?? 0)} ${axis.unit}`
  return `${percent(quality.value)} at ${shown}`
}
