import { describe, expect, it } from 'vitest'
import { createGoTally } from '../../scripts/checks/go-events.mjs'

interface Event {
  Action: string
  Package?: string
  ImportPath?: string
  Test?: string
  Output?: string
}

const test = (Test: string, Action: string): Event => ({ Action, Package: 'm/p', Test })
const whole = (Action: string): Event => ({ Action, Package: 'm/p' })

describe('createGoTally', () => {
  it.each<[string, Event[], boolean, [number, number, number]]>([
    [
      'tests',
      [test('A', 'pass'), test('B', 'fail'), test('C', 'skip'), whole('fail')],
      false,
      [1, 1, 1],
    ],
    [
      'cases, not the tests around them',
      [test('A/1', 'pass'), test('A/2', 'pass'), test('A', 'pass'), whole('pass')],
      true,
      [2, 0, 0],
    ],
    ['a test that its package took along', [test('A', 'run'), whole('fail')], false, [0, 1, 0]],
    [
      'a package that does not compile',
      [{ Action: 'build-fail', ImportPath: 'm/p [m/p.test]' }, whole('fail')],
      false,
      [0, 1, 0],
    ],
    ['a package that dies beside good tests', [test('A', 'pass'), whole('fail')], false, [1, 1, 0]],
    ['a bad end without any event', [], false, [0, 1, 0]],
    ['a good end without any test', [whole('skip')], true, [0, 1, 0]],
  ])('counts %s', (_what, events, endedWell, [passed, failed, skipped]) => {
    const text = events.map((event) => JSON.stringify(event)).join('\n')
    for (const size of [1, 7, text.length + 1]) {
      const tally = createGoTally(() => {})
      for (let at = 0; at < text.length; at += size) tally.feed(text.slice(at, at + size))
      expect(tally.end(endedWell)).toEqual({ passed, failed, skipped })
    }
  })

  it('prints what a failed test said, and lines that are no events', () => {
    const printed: string[] = []
    const tally = createGoTally((line) => printed.push(line))
    const said = { ...test('A', 'output'), Output: 'a.go:1: wrong\n' }
    tally.feed(`go: downloading x\n${JSON.stringify(said)}\n${JSON.stringify(test('A', 'fail'))}\n`)
    tally.end(false)
    expect(printed.join('\n')).toBe('go: downloading x\na.go:1: wrong')
  })
})
