import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { withKey } from '../../../cli/key.ts'
import type { KeyPlace } from '../../../cli/key.ts'
import { FLAG_OPTIONS } from '../../../cli/run/flags.ts'
import { k6Arguments } from '../../../cli/run/k6.ts'
import { parseRun } from '../../../cli/run/options.ts'
import { folderName, planRuns } from '../../../cli/run/plan.ts'
import { describeVariables } from '../../../lib/config/index.ts'

describe('the command line of a run', () => {
  test('takes variables, what is for k6, and defaults', () => {
    const read = parseRun(['chat-spike', '-e', 'RATE=5', '-e', 'HEADERS=a: b=c', '--', '--quiet'])
    expect(read).toMatchObject({
      script: 'chat-spike',
      variables: { RATE: '5', HEADERS: 'a: b=c' },
      repeat: 1,
      k6Args: ['--quiet'],
    })
  })

  test('--until decided sets the longest duration, and takes no second one', () => {
    const until = (...more: string[]) => parseRun(['chat-steady', '--until', 'decided', ...more])
    expect(until().variables['DURATION']).toBe('30m')
    expect(until('--max-duration', '5m')).toMatchObject({
      variables: { DURATION: '5m' },
      untilDecided: true,
    })
    expect(until('-e', 'DURATION=2m').variables['DURATION']).toBe('2m')
    expect(() => until('-e', 'DURATION=2m', '--max-duration', '5m')).toThrow(/say the same/)
    expect(() => until('--max-duration', 'soon')).toThrow(/"soon"; accepted: a duration/)
    expect(() => parseRun(['a', '--max-duration', '5m'])).toThrow(/goes with --until decided/)
    expect(() => parseRun(['a', '--until', 'noon'])).toThrow(/"noon"; accepted: decided/)
  })

  test('names everything that is wrong at once, and no value of a variable', () => {
    const wrong = ['-e', 'sk-secret value', '-e', 'RESULTS=x', '--repeat', '0', '--against', 'host']
    expect(() => parseRun(wrong)).toThrow(
      /RESULTS.*--repeat is "0".*--against is "host".*no scenario/,
    )
    expect(() => parseRun(['a', '-e', '=sk-secret'])).toThrow(/NAME=value, got ""$/)
  })
})

describe('the options of common variables', () => {
  test('set them, beside -e', () => {
    const line = 'chat-steady --url http://h/v1 --rate 4 --input-tokens 200 -e SEED=2'
    expect(parseRun(line.split(' ')).variables).toEqual({
      BASE_URL: 'http://h/v1',
      RATE: '4',
      INPUT_TOKENS: '200',
      SEED: '2',
    })
  })

  test('set variables that there are', () => {
    const known = describeVariables().map(({ name }) => name as string)
    const flags = Object.keys(FLAG_OPTIONS).filter((flag) => !flag.startsWith('key-'))
    const line = flags.flatMap((flag) => [`--${flag}`, '1'])
    const set = Object.keys(parseRun(['chat-steady', ...line]).variables)
    expect(set).toHaveLength(flags.length)
    expect(known).toEqual(expect.arrayContaining(set))
  })

  test('are refused where -e sets the same', () => {
    const both = ['a', '--rate', '4', '-e', 'RATE=5', '--key-file', 'k', '--key-env', 'K']
    expect(() => parseRun(both)).toThrow(/--rate and -e RATE are both given.*--key-file and/)
  })

  test('take the key from a file or a variable, and name only its place where it is missing', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-key-'))
    const file = path.join(folder, 'key')
    writeFileSync(file, 'sk-1\n')
    const from = (place: Partial<KeyPlace>) =>
      withKey({ OTHER: 'sk-2', EMPTY: '' }, { file: undefined, env: undefined, ...place })
    expect(from({ file })['API_KEY']).toBe('sk-1')
    expect(from({ env: 'OTHER' })['API_KEY']).toBe('sk-2')
    expect(from({})).toEqual({ OTHER: 'sk-2', EMPTY: '' })
    expect(() => from({ env: 'EMPTY' })).toThrow('--key-env EMPTY: not set')
    expect(() => from({ file: folder })).toThrow(`${folder}: cannot be read`)
    writeFileSync(file, ' \n')
    expect(() => from({ file })).toThrow(`${file}: holds no key`)
    rmSync(folder, { recursive: true })
  })
})

describe('the runs of a plan', () => {
  test('one run lies in the folder itself, repeats below it', () => {
    expect(planRuns('/r', { repeat: 1, against: undefined }).map((r) => r.folder)).toEqual(['/r'])
    expect(planRuns('/r', { repeat: 3, against: undefined }).map((r) => r.folder)).toEqual([
      '/r/repeat-1',
      '/r/repeat-2',
      '/r/repeat-3',
    ])
  })

  test('two targets take turns in who goes first, and b alone gets its address', () => {
    const runs = planRuns('/r', { repeat: 4, against: 'http://b/v1' })
    expect(runs.map((r) => path.basename(path.dirname(r.folder))).join('')).toBe('abbaabba')
    for (const { folder, variables } of runs) {
      expect(variables).toEqual(folder.includes('/b/') ? { BASE_URL: 'http://b/v1' } : {})
    }
    // A drift that grows with time strikes both by the same sum.
    const sum = (side: string) =>
      runs.reduce((all, r, i) => (r.folder.includes(`/${side}/`) ? all + i : all), 0)
    expect(sum('a')).toBe(sum('b'))
  })

  test('a folder is named by time and scenario, whatever the script is called', () => {
    const at = new Date('2026-01-02T03:04:05.678Z')
    expect(folderName('dist/chat-spike.js', at)).toBe('20260102T030405-chat-spike')
    expect(folderName('my tests/a b:c.ts', at)).toBe('20260102T030405-a_b_c')
  })
})

describe("k6's arguments", () => {
  const given = { script: '/s.js', folder: '/r', extra: ['--quiet'], summary: true }

  test('send results and records to the folder', () => {
    expect(k6Arguments({ ...given, variables: { RATE: '5' } })).toEqual(
      [
        'run --log-format raw --console-output /r/requests.jsonl',
        '-e RECORDS=on -e RATE=5 -e RESULTS=/r --quiet /s.js',
      ].flatMap((line) => line.split(' ')),
    )
  })

  test('write no records where they are off', () => {
    const args = k6Arguments({ ...given, variables: { RECORDS: 'off' } })
    expect(args).not.toContain('--console-output')
    expect(args).toContain('RECORDS=off')
  })
})
