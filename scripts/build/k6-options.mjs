import { fileURLToPath } from 'node:url'

/**
 * esbuild options for JavaScript that k6's engine runs.
 *
 * @satisfies {import('esbuild').BuildOptions}
 */
export const forK6 = {
  format: /** @type {const} */ ('esm'),
  target: 'es2020',
  platform: /** @type {const} */ ('neutral'),
  mainFields: ['module', 'main'],
  conditions: ['import', 'module'],
  external: ['k6', 'k6/*'],
  // Papa Parse requires Node's streams in a function that only its Node-stream mode calls.
  alias: { stream: fileURLToPath(new URL('no-stream.mjs', import.meta.url)) },
  // ES2018, but k6's engine has neither.
  supported: { 'for-await': false, 'async-generator': false },
}
