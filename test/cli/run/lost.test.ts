import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endLine } from '../../../lib/records/index.ts'
import { expectedFiles, lostFrom } from '../../../cli/run/lost.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-lost-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const all = { results: true, records: true }
const put = (name: string, text: string) => writeFileSync(path.join(folder, name), text)
const whole = `{"v":1,"record":"request"}\n${endLine(5000, 0)}\nand a line of the user's own\n`

test('nothing is lost where results and records are whole', async () => {
  put('chat-steady.json', '{"format":"k6-inference-report"}')
  put('chat-steady.calibration.json', '{"not looked at')
  put('requests.jsonl', 'x'.repeat(200_000) + `\n${whole}`)
  expect(await lostFrom(folder, all)).toEqual([])
})

test.each([
  ['no results', undefined, whole, /results are lost: k6 wrote no .json/],
  [
    'results cut off',
    '{"format":"k6-inf',
    whole,
    /results are lost: .*chat-steady.json is cut off/,
  ],
  ['empty results', '', whole, /results are lost: .*chat-steady.json is cut off/],
  ['no records', '{}', undefined, /records are lost/],
  ['records cut off', '{}', whole.slice(0, 40), /records are lost/],
])('%s are told', async (_, results, records, words) => {
  if (results !== undefined) put('chat-steady.json', results)
  if (records !== undefined) put('requests.jsonl', records)
  const lost = await lostFrom(folder, all)
  expect(lost).toHaveLength(1)
  expect(lost[0]).toMatch(words)
})

test('only what was to be written is missed', async () => {
  expect(await lostFrom(folder, { results: false, records: false })).toEqual([])
  expect(expectedFiles({ RECORDS: 'off' }, true)).toEqual({ results: true, records: false })
  expect(expectedFiles({ FORMATS: 'md,csv' }, true)).toEqual({ results: false, records: true })
  expect(expectedFiles({}, false)).toEqual({ results: false, records: true })
})
