export type * from './types.ts'
export {
  type Calibration,
  parseCalibration,
  uncalibrated,
  withinBound,
} from './prompts/calibration.ts'
export { calibrate, type CalibrateOptions, type CountTokens } from './prompts/calibrate.ts'
export { BUILTIN_SETS, type BuiltinSet, builtinRows } from './datasets/builtin.ts'
export { datasetParser, type DatasetResult, parseDataset } from './datasets/dataset.ts'
export type { DatasetRow } from './datasets/dataset-row.ts'
export type { DialogueConfig } from './kinds/dialogue.ts'
export { agent } from './kinds/agent.ts'
export { chat } from './kinds/chat.ts'
export { codeCompletion } from './kinds/code.ts'
export { conversations } from './kinds/conversation.ts'
export { type Kind, KIND_LENGTHS, type KindLengths, lengthDefaults } from './kinds/defaults.ts'
export { embeddings } from './kinds/embeddings.ts'
export { offline } from './kinds/offline.ts'
export { rag } from './kinds/rag.ts'
export { reasoning } from './kinds/reasoning.ts'
export { structured } from './kinds/structured.ts'
export { summarize } from './kinds/summarize.ts'
export { tools } from './kinds/tools.ts'
export { drawLength, meanLength, weighted } from './lengths.ts'
export {
  DEFAULT_MIX,
  mix,
  mixOf,
  mixOfText,
  parseMix,
  SINGLE_KINDS,
  type SingleKind,
} from './kinds/mix.ts'
export { sampleRequests } from './sample.ts'
export { shownPrompt, shownTask } from './shown.ts'
export { taskOf } from './task.ts'
export { shuffled } from './order.ts'
export { promptsOf } from './kinds/rows.ts'
export { mix32, type Random, randomOf } from './random.ts'
export { shortestPrompt } from './prompts/synthetic.ts'
export { replay, type TraceRows } from './kinds/replay.ts'
export {
  gunzip,
  type TraceChanges,
  traceContent,
  traceElements,
  traceReader,
  type TraceReader,
} from '../traces/index.ts'
