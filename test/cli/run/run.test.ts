import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { k6Arguments } from '../../../cli/run/k6.ts'
import { parseRun } from '../../../cli/run/options.ts'
import { folderName, planRuns } from '../../../cli/run/plan.ts'

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

  test('names everything that is wrong at once, and no value of a variable', () => {
    const wrong = ['-e', 'sk-secret value', '-e', 'RESULTS=x', '--repeat', '0', '--against', 'host']
    expect(() => parseRun(wrong)).toThrow(
      /RESULTS.*--repeat is "0".*--against is "host".*no scenario/,
    )
    expect(() => parseRun(['a', '-e', '=sk-secret'])).toThrow(/NAME=value, got ""$/)
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
