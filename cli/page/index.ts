export { pageAssets } from './assets.ts'
