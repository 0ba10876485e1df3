import type { Chart } from '../../../lib/html/index.ts'

/** Three significant digits: `12.3k`, `350`, `0.05`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e9) return `${trim(value / 1e9)}G`
  if (size >= 1e6) return `${trim(value / 1e6)}M`
  if (size >= 1e4) return `${trim(value / 1e3)}k`
  return trim(value)
}

/** A value of the y axis in the chart's format. */
export function yText({ yFormat }: Chart, value: number | null | undefined): string {
  if (value === null || value === undefined) return ''
  return yFormat === 'percent' ? percentText(value) : shortNumber(value)
}

/** A share in per cent. */
export function percentText(share: number): string {
  return `${trim(100 * share)} %`
}

const trim = (value: number) => String(Number(value.toPrecision(3)))
