export type { Intervals } from './figures/certainty.ts'
export type { Flow } from './figures/overload.ts'
export type { TextOptions } from './formats/text.ts'
export { CONFIDENCE, PERCENTILES, intervalsOf } from './figures/certainty.ts'
export { overloadedEstimates, overloadOf } from './figures/overload.ts'
export { sumOf } from './figures/scopes.ts'
export { withCertainty } from './certain.ts'
export { buildReport } from './build.ts'
export { renderCsv } from './formats/csv.ts'
export { renderJson } from './formats/json.ts'
export { renderJunit } from './formats/junit.ts'
export { renderMarkdown } from './formats/markdown.ts'
export { framed, FRAMED_ENVIRONMENT, isFramed, summaryApart } from './formats/frame.ts'
export { renderClosing, renderFigures, renderText } from './formats/text.ts'
export { closingOf } from './formats/closing.ts'
export { isOverloaded } from './formats/steady-text.ts'
export { spikeOf, spikeText } from './formats/spike-text.ts'
export {
  factsOf,
  latencyTable,
  loadTable,
  outcomeRows,
  resultRows,
  saidRows,
  sloTable,
} from './formats/tables.ts'
export { missedAsMeasured, whyOpen } from './verdict.ts'
export { STATUS_MARKS } from './formats/marks.ts'
export { checkTable, thresholdTable } from './formats/own-tables.ts'
export { answerRows, LIST_TITLES, MARK_TITLES } from './formats/answer-rows.ts'
export { divergenceRows, divergenceTable } from './formats/divergence-table.ts'
export { judgeRows } from './formats/judge-rows.ts'
export { qualityRows, qualityTable } from './formats/quality-tables.ts'
export { endpointTable, sweepTable } from './formats/shape-tables.ts'
export { within } from './formats/within.ts'
