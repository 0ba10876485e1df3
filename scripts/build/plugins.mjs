import { readFile } from 'node:fs/promises'
import { constantModules } from './constants.mjs'
import { lazyModules } from './lazy.mjs'

/**
 * What makes a script cheap for k6, which runs its top level once per VU.
 *
 * @param {import('esbuild').BuildOptions} options of the bundle around
 * @returns {import('esbuild').Plugin[]}
 */
export function pluginsForK6(options) {
  return [onlyDistributionsUsed, constantModules(options), lazyModules(options)]
}

/**
 * d3-random makes each of its 16 distributions by a call, which esbuild keeps unless it is told that the call
 * does nothing else: those that are not used took 45 functions in every VU.
 *
 * @type {import('esbuild').Plugin}
 */
const onlyDistributionsUsed = {
  name: 'only distributions used',
  setup(of) {
    of.onLoad({ filter: /[\\/]d3-random[\\/]dist[\\/]d3-random\.mjs$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8')
      return { contents: text.replaceAll(/=\s*(?=\(function source)/g, '=/*@__PURE__*/') }
    })
  },
}
