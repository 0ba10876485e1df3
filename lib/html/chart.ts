import type { ReviewsFile } from '../runs/index.ts'

/** null and undefined are "no value": nothing is drawn there. */
export type Values = readonly (number | null | undefined)[]

/** A colour of the stylesheet. A metric has one colour on every page and in every chart. */
export type Color =
  | 'ttft'
  | 'tpot'
  | 'e2e'
  | 'tokens'
  | 'sent'
  | 'done'
  | 'failed'
  | 'waiting'
  | 'asked'
  | 'cache'
  | 'gpu'
  | 'good'
  | 'before'
  | 'after'
  | 'plain'

export interface Line {
  label: string
  color: Color
  values: Values
  /** `points` are joined by a line; `dots` and hollow `rings` stand alone. */
  kind?: 'line' | 'steps' | 'bars' | 'dashes' | 'points' | 'dots' | 'rings'
  /** Where its values lie, when not at those of the chart; ascending. */
  x?: readonly number[]
  /** Interval of each value, drawn as a whisker; null where it is not known. */
  low?: Values
  high?: Values
  /** The same of the places on the x axis. */
  xLow?: Values
  xHigh?: Values
  /** Written beside its points. */
  names?: readonly string[]
  /** What the legend says beside the label while no point is looked at, such as `max 7,106`. */
  rest?: string
}

export interface Limit {
  value: number
  label: string
}

/** A chart as the page's script draws it. JSON, as it is embedded in the page. */
export interface Chart {
  title: string
  unit: string
  /** Ascending. */
  x: readonly number[]
  xLabel: string
  lines: readonly Line[]
  /** Dashed horizontal lines. */
  limits?: readonly Limit[]
  xScale?: 'log'
  yScale?: 'log'
  /** By default the range of the data. */
  xRange?: readonly [number, number]
  yRange?: readonly [number, number]
  /** `percentile`: x is -log10(1 - share), which stretches the tail. `index`: x numbers `names`, from 0. */
  xFormat?: 'percentile' | 'index' | 'percent'
  yFormat?: 'percent'
  xTicks?: readonly number[]
  /** Over the time of a run: phases are shown, and cursors move together. */
  overTime?: boolean
  /** Joins the points of the first line in this order, which need not be that of x. */
  trail?: readonly number[]
  names?: readonly string[]
  /** Vertical lines, and stretches between two of them. */
  marks?: readonly { at: number; to?: number; label: string }[]
}

/** What the page's script needs to save marks: the file with those that there are, and its name. */
export interface PageReviews {
  name: string
  file: ReviewsFile
}

/** What a page's script is given. */
export interface PageData {
  phases: readonly { name: string; startS: number; endS: number; measured: boolean }[]
  /** By the place on the page that holds them. */
  charts: Readonly<Record<string, readonly Chart[]>>
  /** Where the page shows answers that may be marked. */
  reviews?: PageReviews | undefined
}

/** Five digits are finer than a pixel, and take a third of the size. */
export function short<T>(data: T): T {
  return JSON.parse(
    JSON.stringify(data, (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(5)) : value,
    ),
  ) as T
}

/** The largest of the values that there are. */
export function largest(values: Values): number | undefined {
  let most: number | undefined
  for (const value of values) {
    if (typeof value === 'number' && (most === undefined || value > most)) most = value
  }
  return most
}
