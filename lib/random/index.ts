export { randomSource } from './source.ts'
