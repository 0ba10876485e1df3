import { expect, test } from 'vitest'
import { renderMarkdown, renderText } from '../../lib/report/index.ts'
import { runOfRecords, withoutAdded } from '../../lib/runs/index.ts'
import { madeUpRecords } from '../support/made-up-records.ts'

/** Records of a run in which every second request failed, with these words. */
function failing(words: readonly string[]) {
  let n = 0
  return madeUpRecords().map((record) =>
    record.record === 'request' && n++ % 2 === 0
      ? { ...record, outcome: 'http_error', reason: 'http_503', message: words[n % words.length]! }
      : record,
  )
}

test('one example of the words behind each reason of failure is in every output', () => {
  const { report } = runOfRecords('run', failing(['no room\u001b[31m in the queue']))
  const failed = report.outcomes.find(({ outcome }) => outcome === 'http_error')
  const example = 'no room\\x1b[31m in the queue'
  expect(failed?.reasons).toMatchObject([{ reason: 'http_503', example }])
  expect(renderText(report, { width: 100, color: false })).toContain(`http_503: “${example}”`)
  expect(renderMarkdown(report)).toMatch(
    /^- http\\_error: .*\n {2}- http\\_503: “no room.* in the queue”$/m,
  )
  expect(withoutAdded(report).outcomes.flatMap(({ reasons }) => reasons)).not.toContainEqual(
    expect.objectContaining({ example }),
  )
})

test('it is short, whatever was said and however often', () => {
  const { report } = runOfRecords('run', failing(['x'.repeat(5000), 'other words', 'and more']))
  const [reason] = report.outcomes.find(({ outcome }) => outcome === 'http_error')!.reasons
  expect(reason!.example!.length).toBeLessThanOrEqual(200)
})
