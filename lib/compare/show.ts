import { duration, NONE, num, percent, signedPercent } from '../tables/index.ts'
import type { FigureChange } from './compare.ts'
import type { Method } from './raw-change.ts'

/** A figure with its unit. */
export function valueText(figure: Pick<FigureChange, 'unit'>, value: number | null): string {
  if (value === null) return NONE
  if (figure.unit === 'share') return percent(value)
  return `${num(value)} ${figure.unit}`
}

/** A change with its sign: in per cent, or in percentage points for a share. */
export function changeText(figure: Pick<FigureChange, 'scale'>, change: number | null): string {
  if (change === null) return NONE
  return figure.scale === 'ratio' ? signedPercent(change) : points(change)
}

/** `-1 % to +4 %` */
export function intervalText(figure: Pick<FigureChange, 'scale' | 'low' | 'high'>): string {
  if (figure.low === null || figure.high === null) return NONE
  return `${changeText(figure, figure.low)} to ${changeText(figure, figure.high)}`
}

/** The smallest change that would be found, without a sign, as it may go either way. */
export function sizeText(figure: Pick<FigureChange, 'scale'>, size: number | null): string {
  return changeText(figure, size).replace('+', '')
}

export function pText(p: number | null): string {
  if (p === null) return NONE
  return p < 0.001 ? '< 0.001' : p.toFixed(3)
}

/** Nobody plans to measure more than this many times as long. */
export const MOST_TIMES = 100

/** A verdict as the text of a table cell: `worse`, `not proven: about 12m on each side would prove it`. */
export function verdictText(figure: FigureChange, method: Pick<Method, 'windowMs'>): string {
  if (figure.verdict !== 'not proven') return figure.verdict
  if (figure.unchanged) return 'unchanged'
  const takes = takesText(figure, method)
  return takes === '' ? figure.verdict : `${figure.verdict}: ${takes} would prove it`
}

/** What would prove a change as large as the one measured; empty where that is not known, or is out of reach. */
function takesText(
  { change, detectable }: FigureChange,
  { windowMs }: Pick<Method, 'windowMs'>,
): string {
  if (detectable === null || !change) return ''
  const times = (detectable / change) ** 2
  if (times <= 1 || times > MOST_TIMES) return ''
  if (windowMs === null) return `${num(Math.ceil(times)).replace(/\.0+$/, '')} times as many runs`
  return `about ${duration(roundedUp(times * windowMs))} on each side`
}

/** To whole seconds, from ten minutes on to whole minutes: it is an estimate. */
export function roundedUp(ms: number): number {
  const unit = ms < 600_000 ? 1000 : 60_000
  return Math.ceil(ms / unit) * unit
}

function points(change: number): string {
  const text = percent(change).replace('%', 'pp')
  return change > 0 ? `+${text}` : text
}
