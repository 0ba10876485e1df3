export { changeTrace, loadTrace, traceElements } from './load.ts'
export type { LoadedTrace, TraceChanges, TraceChangesDone, TraceElements } from './load.ts'
export { parseTrace, traceParser } from './parser.ts'
export type { TraceParser } from './parser.ts'
export { describeProblems } from './problems.ts'
export { prefixIdsOf, selectRows } from './columns.ts'
export { guessUnit, timeReader } from './times.ts'
export {
  isPackedTrace,
  packedElements,
  packTrace,
  traceContent,
  traceReader,
  unpackTrace,
} from './pack.ts'
export type { TraceContent, TraceReader } from './pack.ts'
export { prefixText } from './prefix.ts'
export { clipLengths } from './clip.ts'
export type { ClipCounts, LengthLimits } from './clip.ts'
export { sampleTrace } from './sample.ts'
export { scaleRate } from './scale.ts'
export { spreadTicks, tickOf } from './spread.ts'
export { busiestWindow, lowerBound, speedUp, windowOf } from './window.ts'
export type * from './types.ts'
export { lineSplitter } from './lines.ts'
export { csvCell, traceLines } from './write.ts'
export { rowObjects } from './row-objects.ts'
export { wholeNumber } from './fields.ts'
export { gunzip } from './gunzip.ts'
