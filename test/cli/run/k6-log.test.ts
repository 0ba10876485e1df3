import { expect, test } from 'vitest'
import { k6Log } from '../../../cli/run/k6-log.ts'

const TIMER = 'setTimeout 4 was stopped because the VU iteration was interrupted'
const CROSSED = "thresholds on metrics 'llm_ttft{measured:true}' have been crossed"

/** What is shown of a log that comes in pieces. */
function shownOf(pieces: readonly string[], reported: boolean): string[] {
  const shown: string[] = []
  const log = k6Log((line) => void shown.push(line))
  pieces.forEach(log.feed)
  log.end(reported)
  return shown
}

test('lines come as they are, however they are cut, the last one without its end too', () => {
  expect(shownOf(['a\nb', 'c\n', '\nd'], true)).toEqual(['a', 'bc', '', 'd'])
})

test('a timer that the end stopped is no news, in any form of the log', () => {
  const line = `time="…" level=warning msg="${TIMER}"`
  expect(shownOf([`${TIMER}\n${line}\nsetTimeout is not a function\n`], false)).toEqual([
    'setTimeout is not a function',
  ])
})

test('limits that were crossed are the report’s to tell, and shown where there is none', () => {
  expect(shownOf([`${CROSSED}\n`], true)).toEqual([])
  expect(shownOf([`${CROSSED}\n`], false)).toEqual([CROSSED])
})
