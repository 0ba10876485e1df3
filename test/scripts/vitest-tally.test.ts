import { afterEach, expect, it, vi } from 'vitest'
import { addUp, lastLine } from '../../scripts/checks/tally.mjs'
import { tallyVitest } from '../../scripts/checks/vitest.mjs'

afterEach(() => void vi.restoreAllMocks())

const file = (status: string, ...tests: string[]) => ({
  status,
  name: 'a.test.ts',
  assertionResults: tests.map((test) => ({ status: test })),
})

it.each([
  ['tests', [file('failed', 'passed', 'failed', 'pending', 'todo')], false, [1, 1, 2]],
  [
    'a file that broke before its tests',
    [file('failed'), file('passed', 'passed')],
    false,
    [1, 1, 0],
  ],
  ['a bad end without a failed test', [file('passed', 'passed')], false, [1, 1, 0]],
  ['a good end without a test', [], true, [0, 1, 0]],
])('counts %s', (_what, testResults, endedWell, [passed, failed, skipped]) => {
  vi.spyOn(console, 'error').mockReturnValue()
  expect(tallyVitest({ testResults }, 'exit code 1', endedWell)).toEqual({
    passed,
    failed,
    skipped,
  })
})

it('counts a run without a report as failed', () => {
  vi.spyOn(console, 'error').mockReturnValue()
  expect(tallyVitest(undefined, 'killed by SIGKILL', true).failed).toBe(1)
})

it('writes the sum in one line', () => {
  const one = { passed: 2, failed: 0, skipped: 0 }
  expect(lastLine(addUp([one, one]))).toBe('4 passed, 0 failed')
  expect(lastLine(addUp([one, { passed: 0, failed: 1, skipped: 3 }]))).toBe(
    '2 passed, 1 failed, 3 skipped',
  )
})
