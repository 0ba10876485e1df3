import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cacheFolder } from '../../scripts/setup/cache.mjs'
import { tooOld } from '../../bin/node-version.mjs'
import { packagesDiffer } from '../../scripts/setup/packages.mjs'
import { olderThan } from '../../scripts/setup/probe.mjs'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-packages-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Packages = Record<string, { version: string; optional?: boolean }>

function write(wanted: Packages, installed?: Packages): void {
  const root = { '': { version: '0.1.0' } }
  const text = (packages: Packages) => JSON.stringify({ packages: { ...root, ...packages } })
  writeFileSync(path.join(folder, 'package-lock.json'), text(wanted))
  if (installed === undefined) return
  mkdirSync(path.join(folder, 'node_modules'))
  writeFileSync(path.join(folder, 'node_modules', '.package-lock.json'), text(installed))
}

const a = { 'node_modules/a': { version: '1.0.0' } }

it.each<[string, Packages, Packages | undefined, string | undefined]>([
  ['nothing installed', a, undefined, 'node_modules is missing'],
  ['the same', a, a, undefined],
  [
    'another version',
    a,
    { 'node_modules/a': { version: '1.0.1' } },
    'node_modules/a is 1.0.1, not 1.0.0',
  ],
  ['one missing', a, {}, 'node_modules/a is missing'],
  [
    'one missing of another platform',
    { 'node_modules/a': { version: '1.0.0', optional: true } },
    {},
    undefined,
  ],
])('compares what is installed with the lock file: %s', (_what, wanted, installed, differs) => {
  write(wanted, installed)
  expect(packagesDiffer(folder)).toBe(differs)
})

it('says that a lock file is missing or broken', () => {
  expect(() => packagesDiffer(folder)).toThrow('package-lock.json is missing')
  writeFileSync(path.join(folder, 'package-lock.json'), '{')
  expect(() => packagesDiffer(folder)).toThrow(/cannot read .*package-lock\.json/)
})

it.each([
  ['2.1.9', '2.2.0', true],
  ['2.2.0', '2.2.0', false],
  ['2.10.0', '2.2.0', false],
  ['1.99.0', '2.2.0', true],
  ['3.0.0', '2.2.0', false],
])('olderThan(%s, %s) is %s', (version, floor, older) => {
  expect(olderThan(version, floor)).toBe(older)
})

it.each([
  ['18.20.0', false],
  ['20.18.9', false],
  ['20.19.0', true],
  ['22.0.0', true],
])('Node %s does: %s', (version, does) => {
  if (does) expect(tooOld(version)).toBeUndefined()
  else expect(tooOld(version)).toBe(`Node.js ${version} is too old: 20.19 or later is needed`)
})

it.each<[NodeJS.Platform, Record<string, string>, string]>([
  ['linux', { HOME: '/h' }, '/h/.cache/k6-inference'],
  ['linux', { HOME: '/h', XDG_CACHE_HOME: '/c' }, '/c/k6-inference'],
  ['linux', { HOME: '/h', XDG_CACHE_HOME: 'relative' }, '/h/.cache/k6-inference'],
  ['darwin', { HOME: '/h' }, '/h/Library/Caches/k6-inference'],
])('keeps builds in the cache folder of %s', (platform, env, expected) => {
  expect(cacheFolder(env, platform)).toBe(expected)
})
