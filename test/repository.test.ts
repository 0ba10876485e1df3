import { expect, it } from 'vitest'
import { filesBelow, textOf } from './support/sources.ts'

// Written in pieces, so that this file does not name them either.
const HOSTS = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['proxy', 'golang', 'org'],
  ['sum', 'golang', 'org'],
  ['files', 'pythonhosted', 'org'],
].map((parts) => parts.join('.'))

const MACHINE_PATH = /(?:^|[\s"'`(=:,[])\/(?:work|root|tmp)\/[\w.-]/m

/** One table each: its rows belong together. */
const TABLES = ['lib/report/types.ts']

const files = filesBelow().filter((file) => !/\.(png|ico|woff2?|gz)$/.test(file))

it('names no package registry', () => {
  const found = files.flatMap((file) => {
    const text = textOf(file)
    return HOSTS.filter((host) => text.includes(host)).map((host) => `${file}: ${host}`)
  })
  expect(found).toEqual([])
})

it('names no path of one machine', () => {
  expect(files.filter((file) => MACHINE_PATH.test(textOf(file)))).toEqual([])
})

it('holds no source file longer than 300 lines', () => {
  const sources = files.filter((file) =>
    /^(lib|cli|simulator|scenarios|scripts|grafana|k6)\/.*\.(ts|mjs|go)$/.test(file),
  )
  const long = sources.filter((file) => textOf(file).split('\n').length > 301)
  const allowed = (file: string) => file.endsWith('_test.go') || TABLES.includes(file)
  expect(long.filter((file) => !allowed(file))).toEqual([])
})
