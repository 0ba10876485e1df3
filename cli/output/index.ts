export type { Output, OutputValues, Page } from './write.ts'
export { OUTPUT_HELP, OUTPUT_OPTIONS, write } from './write.ts'
export { exists, makeFolder, refuseExisting, writeWhole } from './whole.ts'
export { shortest } from './shortest.ts'
