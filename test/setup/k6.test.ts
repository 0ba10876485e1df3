import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensureK6 } from '../../scripts/setup/index.mjs'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-setup-'))
  mkdirSync(path.join(folder, 'bin'))
  mkdirSync(path.join(folder, 'module'))
  writeFileSync(path.join(folder, 'module', 'main.go'), 'package main\n')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A program of a few lines of shell; PATH holds our own ones and what these lines call. */
function program(name: string, script: string): string {
  const file = path.join(folder, 'bin', name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

const k6Of = (version: string, inspect = 'exit 0') =>
  `case "$1" in version) echo "k6 v${version} (go1.26, linux/amd64)";; inspect) ${inspect};; esac`

const GOOD = k6Of('2.2.0')

/** A Go that "builds" this k6; `GO_LOG` counts the builds. */
const goOf = (k6: string, before = '') => `
case "$1" in
env) echo go1.26.1;;
list) echo a; echo b;;
build) ${before}
  echo built >> "${folder}/builds"
  while [ "$1" != -o ]; do shift; done
  printf '%s\\n' '#!/bin/sh' '${k6.replaceAll("'", "'\\''")}' > "$2"; chmod 755 "$2";;
esac`

function find(env: Record<string, string> = {}) {
  return ensureK6({
    env: {
      PATH: `${path.join(folder, 'bin')}:/usr/bin:/bin`,
      HOME: folder,
      XDG_CACHE_HOME: path.join(folder, 'cache'),
      ...env,
    },
    moduleFolder: path.join(folder, 'module'),
    goFolders: [],
    log: () => {},
  })
}

const cached = () => {
  const cache = path.join(folder, 'cache', 'k6-inference')
  return existsSync(cache) ? readdirSync(cache) : []
}
const builds = () => readFileSync(path.join(folder, 'builds'), 'utf8').trim().split('\n').length

describe.skipIf(process.platform === 'win32')('ensureK6', () => {
  it('takes $K6 before k6 on PATH', async () => {
    program('k6', GOOD)
    const own = program('other', k6Of('2.3.1'))
    expect(await find({ K6: own })).toEqual({ path: own, version: '2.3.1', source: 'K6' })
  })

  it.each([
    ['there is no such program', '', 'nowhere'],
    ['it is version 2.1.9, 2.2.0 or later is needed', k6Of('2.1.9'), 'mine'],
    ['`k6 version` does not work (boom)', 'echo boom >&2; exit 3', 'mine'],
    [
      'version 2.2.0 cannot load k6/x/tcp (no net)',
      k6Of('2.2.0', `echo 'level=error msg="no net"' >&2; exit 107`),
      'mine',
    ],
  ])('never goes past a $K6 that does not do: %s', async (says, script, name) => {
    program('k6', GOOD)
    const own = script === '' ? path.join(folder, name) : program(name, script)
    await expect(find({ K6: own })).rejects.toThrow(says)
  })

  it('takes k6 on PATH that is new enough and loads the module', async () => {
    const k6 = program('k6', k6Of('2.10.0'))
    expect(await find()).toEqual({ path: k6, version: '2.10.0', source: 'PATH' })
  })

  it.each([
    ['too old', k6Of('1.7.0')],
    ['without the module', k6Of('2.2.0', 'exit 107')],
    ['broken', 'exit 1'],
  ])('builds when k6 on PATH is %s, and then takes the build', async (_what, script) => {
    program('k6', script)
    program('go', goOf(GOOD))
    expect(await find()).toMatchObject({ version: '2.2.0', source: 'built' })
    expect(await find()).toMatchObject({ version: '2.2.0', source: 'cache' })
    expect(cached()).toHaveLength(1)
  })

  it('builds anew when the sources changed, and when the earlier build is broken', async () => {
    program('go', goOf(GOOD))
    const first = await find()
    writeFileSync(path.join(folder, 'module', 'main.go'), 'package main // more\n')
    const second = await find()
    expect(second).toMatchObject({ source: 'built' })
    expect(second.path).not.toBe(first.path)
    writeFileSync(second.path, 'no program')
    expect(await find()).toEqual(second)
  })

  it('takes the earlier build where Go is gone', async () => {
    const go = program('go', goOf(GOOD))
    const built = await find()
    rmSync(go)
    expect(await find()).toEqual({ ...built, source: 'cache' })
  })

  it('builds once when asked twice at the same time', async () => {
    program('go', goOf(GOOD, 'sleep 1'))
    const both = await Promise.all([find(), find()])
    expect(both.map(({ source }) => source).toSorted()).toEqual(['built', 'cache'])
    expect(builds()).toBe(1)
  })

  it('goes past the lock of a process that is gone', async () => {
    program('go', goOf(GOOD))
    const { path: file } = await find()
    rmSync(file)
    writeFileSync(`${file}.lock`, `999999999 ${hostname()}`)
    expect(await find()).toMatchObject({ source: 'built' })
    expect(cached()).toHaveLength(1)
  })

  it('names the three ways out when there is neither k6 nor Go', async () => {
    program('k6', k6Of('1.7.0'))
    await expect(find()).rejects.toThrow(
      /it is version 1\.7\.0[\s\S]*install k6 2\.2\.0[\s\S]*install Go[\s\S]*set K6/,
    )
  })

  it.each([
    ['no network', 'echo "dial tcp: lookup proxy: no such host" >&2; exit 1', /check the network/],
    ['no disk', 'echo "write x: no space left on device" >&2; exit 1', /disk is full/],
    ['an old Go', 'echo "go.mod requires go >= 1.26" >&2; exit 1', /Go is too old/],
    ['a compiler error', 'echo "main.go:1: wrong" >&2; exit 1', /main\.go:1: wrong/],
  ])('says why a build failed and leaves nothing behind: %s', async (_what, failure, says) => {
    program('go', goOf(GOOD, failure))
    await expect(find()).rejects.toThrow(says)
    expect(cached()).toEqual([])
  })

  it('keeps no build that does not work', async () => {
    program('go', goOf(k6Of('2.2.0', 'exit 107')))
    await expect(find()).rejects.toThrow('the k6 just built does not work')
    expect(cached()).toEqual([])
  })

  it('says which cache folder it cannot make', async () => {
    program('go', goOf(GOOD))
    const file = path.join(folder, 'file')
    writeFileSync(file, '')
    await expect(find({ XDG_CACHE_HOME: file })).rejects.toThrow(/cannot make the cache folder/)
  })
})
