import { createHash } from 'node:crypto'
import path from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { parseConfig } from '../../lib/config/index.ts'
import { readInputs } from '../../lib/k6/inputs.ts'

vi.mock('k6/crypto', () => ({ createHash }))
vi.mock('k6/data', () => ({
  SharedArray: function SharedArray(_name: string, make: () => unknown[]) {
    return make()
  },
}))
afterEach(() => vi.unstubAllGlobals())

const FOLDERS = ['/proc/self/cwd', '/users/ann/work']

/** k6's `open` over some files; relative paths are taken from /scripts, and shortened by their text. */
function files(held: Record<string, string>, env: Record<string, string> = { PATH: '/bin' }) {
  vi.stubGlobal('__ENV', env)
  vi.stubGlobal('open', (name: string) => {
    const whole = path.posix.resolve('/scripts', name)
    if (FOLDERS.includes(whole)) throw new Error("open() can't be used with directories")
    const text = held[whole.replace('/proc/self/cwd', '/users/ann/work')]
    if (text === undefined) throw new Error(`open ${whole}: no such file or directory`)
    return text
  })
}
function promptOf(dataset: string): string | undefined {
  const parsed = parseConfig({ scenario: 'chat-steady', env: { DATASET: dataset } })
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
  return readInputs(parsed.config).dataset?.[0]?.messages[0]?.content
}
const set = (prompt: string) => JSON.stringify({ prompt })

describe('files that variables name', () => {
  test('are taken from where k6 was started, else from beside the script', () => {
    files({ '/users/ann/work/a.jsonl': set('here'), '/scripts/a.jsonl': set('there') })
    expect(promptOf('a.jsonl')).toBe('here')
    files({ '/scripts/a.jsonl': set('there') })
    expect(promptOf('a.jsonl')).toBe('there')
    files({ '/data/a.jsonl': set('absolute') })
    expect(promptOf('/data/a.jsonl')).toBe('absolute')
  })

  test('may lie above it', () => {
    files({ '/users/ann/a.jsonl': set('above') }, { PATH: '/bin', PWD: '/users/ann/work' })
    expect(promptOf('../a.jsonl')).toBe('above')
  })

  test('that are nowhere are told with every place', () => {
    files({}, { PATH: '/bin', PWD: '/users/ann/work' })
    expect(() => promptOf('a.jsonl')).toThrow(
      'DATASET a.jsonl cannot be read: there is no such file in /users/ann/work or beside the script',
    )
    expect(() => promptOf('/a.jsonl')).toThrow(/cannot be read: there is no such file$/)
  })

  test('that are there and broken are not looked for elsewhere', () => {
    files({ '/users/ann/work/a.jsonl': '{', '/scripts/a.jsonl': set('there') })
    expect(() => promptOf('a.jsonl')).toThrow(/a.jsonl line 1/)
  })
})
