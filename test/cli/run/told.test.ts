import { expect, test } from 'vitest'
import { parseRun } from '../../../cli/run/options.ts'
import { told } from '../../../cli/run/told.ts'
import type { Terminal } from '../../../cli/command.ts'
import { report } from '../../report/load.ts'

const FOLDER = '/runs/20260102T030405-chat-spike'

/** What a run says, all in one: k6's log, the figures, the verdict. */
function saidOf(
  argv: readonly string[],
  screen?: { columns: number; color: boolean },
  name = 'spike',
): string {
  let said = ''
  const write = (text: string) => void (said += text)
  const seen = screen && { ...screen, paint: write, live: () => {} }
  const terminal: Terminal = { out: write, note: write, screen: seen }
  const telling = told(parseRun(argv), terminal)
  telling.log('setup() asks the server for an answer before the load')
  telling.end({ report: report(name), files: [`${FOLDER}/report.html`], folder: FOLDER })
  telling.over(FOLDER)
  return said
}

test('a run in a CI log, word for word', async () => {
  await expect(saidOf(['chat-spike'])).toMatchFileSnapshot('snapshots/ci.txt')
})

test('a run of one phase takes less than 60 lines', () => {
  expect(saidOf(['chat-steady'], undefined, 'steady').split('\n').length).toBeLessThan(60)
})

test('a run on a screen of 80 columns, word for word', async () => {
  const said = saidOf(['chat-spike'], { columns: 80, color: false })
  await expect(said).toMatchFileSnapshot('snapshots/screen-80.txt')
  for (const line of said.split('\n')) expect([...line].length).toBeLessThanOrEqual(80)
})

test('the verdict is the last thing on a screen, and in a pipe the folder', () => {
  const screen = saidOf(['chat-spike'], { columns: 200, color: true })
  expect(screen).toContain('\u001b[31m')
  expect(screen.trimEnd()).toMatch(/report.*20260102T030405-chat-spike\/report\.html$/)
  expect(saidOf(['chat-spike']).trimEnd().split('\n').pop()).toBe(FOLDER)
})

test('several runs have a closing block each, and no tables', () => {
  const said = saidOf(['chat-spike', '--repeat', '2'])
  expect(said).not.toContain('samples')
  expect(said).toMatch(/^ {2}✗ .* · chat-spike$/m)
  expect(said.trimEnd().split('\n').pop()).toBe(FOLDER)
})
