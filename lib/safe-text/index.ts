export { cleanData, cleanText, printable } from './clean.ts'
export { maskUrl, maskUrls } from './mask-url.ts'
export { createRedactor } from './redact.ts'
export type { Redactor } from './redact.ts'
