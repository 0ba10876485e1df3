export type * from './types.ts'
export type * from './detail-types.ts'
export type { Collected, Collecting, CollectOptions, Pod, RunCollector } from './collect.ts'
export type { Columns } from './columns.ts'
export type { Counter, FigureDef } from './figures.ts'
export type * from './pods/index.ts'
export type { RecordsSummary, Summarizer } from './summarize.ts'
export { columnsOf, figureOf } from './columns.ts'
export { createRunCollector } from './collect.ts'
export { createDetail } from './detail.ts'
export {
  DEFAULT_FIGURES,
  defaultFigures,
  figureDef,
  FIGURE_IDS,
  figureOfRun,
  intervalOfRun,
} from './figures.ts'
export { certainReport, FROM_RECORDS, makeRun, runInfoOf, runOfRecords } from './run.ts'
export { withReviews, withTexts } from './answers.ts'
export { readReviews, REVIEWS_FORMAT } from './reviews.ts'
export type { ReviewsFile } from './reviews.ts'
export { withoutAdded, withSaid } from './said.ts'
export type { Said } from './said.ts'
export { servedPerS } from './served.ts'
export { timingsOfRecord } from './samples.ts'
export { dueOf, endedAt, onlySeen } from './seen.ts'
export { mergePods, misfits, podsInOrder } from './pods/index.ts'
export { createSummarizer } from './summarize.ts'
export { trendOf } from './trend.ts'
export { windowPosition } from './window.ts'
