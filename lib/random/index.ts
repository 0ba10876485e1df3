export { randomSource, shuffled } from './source.ts'
