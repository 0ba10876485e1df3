import { NONE, num, percent, signedPercent } from '../tables/index.ts'
import type { FigureChange } from './compare.ts'

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

/** A verdict as the text of a table cell. */
export function verdictText(figure: FigureChange): string {
  return figure.verdict === 'no evidence' && figure.unchanged ? 'unchanged' : figure.verdict
}

function points(change: number): string {
  const text = percent(change).replace('%', 'pp')
  return change > 0 ? `+${text}` : text
}
