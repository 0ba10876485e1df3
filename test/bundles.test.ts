import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildScenarios } from '../build.mjs'
import { filesBelow, root } from './support/sources.ts'

/** What k6's engine cannot parse or does not have. */
const FORBIDDEN: readonly (readonly [string, RegExp])[] = [
  ['for await', /\bfor\s+await\b/],
  ['async generator', /\basync\s*(function\s*)?\*/],
  ['\\p{…} in a regular expression', /\\p\{/i],
  ['require', /\brequire\(['"]/],
  ['dynamic import', /\bimport\(/],
]

const outDir = mkdtempSync(path.join(tmpdir(), 'k6-inference-bundles-'))
const all = filesBelow('scenarios').map((file) => path.basename(file, '.ts'))

afterAll(() => rmSync(outDir, { recursive: true, force: true }))

describe.each([
  ['readable', false, all],
  // Minifying takes as long again, and changes all of them alike.
  ['minified', true, ['chat-steady', 'trace-replay']],
])('%s bundles', (name, minify, scenarios) => {
  const folder = path.join(outDir, name)
  let bundles: { file: string; bytes: number }[] = []
  beforeAll(async () => {
    bundles = await buildScenarios({ outDir: folder, minify, names: scenarios })
  })

  it('are one for each scenario', () => {
    expect(all).toContain('chat-spike')
    const made = bundles.map(({ file }) => path.relative(folder, path.resolve(file)))
    const wanted = scenarios.flatMap((name) => [`${name}.js`, path.join('buffered', `${name}.js`)])
    expect(made.toSorted()).toEqual(wanted.toSorted())
  })

  it.each(scenarios)('%s stands alone and holds nothing that k6 cannot run', (scenario) => {
    const code = readFileSync(path.join(folder, `${scenario}.js`), 'utf8')
    expect(FORBIDDEN.filter(([, pattern]) => pattern.test(code)).map(([what]) => what)).toEqual([])
    const imported = [...code.matchAll(/^(?:import|export)\b.*?from\s*["']([^"']+)["']/gm)]
    expect(imported.map((match) => match[1]).filter((name) => !/^k6(\/|$)/.test(name!))).toEqual([])
  })

  it('name no path of the machine that built them', () => {
    for (const scenario of scenarios) {
      expect(readFileSync(path.join(folder, `${scenario}.js`), 'utf8')).not.toContain(root)
    }
  })
})

it('keeps what a VU never calls inside of functions', async () => {
  const folder = path.join(outDir, 'lazy')
  await buildScenarios({ outDir: folder, names: ['chat-steady'] })
  const code = readFileSync(path.join(folder, 'chat-steady.js'), 'utf8')
  // esbuild writes the name of each module above its code, at the left margin at the top level only.
  const topLevel = [...code.matchAll(/^\/\/ (\S+)$/gm)].map((match) => match[1]!)
  expect(topLevel).toContain('lib/exchange/session.ts')
  expect(topLevel).toContain('lazy:lib/report/index.ts')
  expect(topLevel.filter((file) => /^lib\/(report|preflight|server-metrics)\//.test(file))).toEqual(
    [],
  )
})

it('says which scenarios there are when asked for another', async () => {
  await expect(buildScenarios({ outDir, names: ['nope'] })).rejects.toThrow(
    /no scenario named nope; there are: .*chat-spike/,
  )
})
