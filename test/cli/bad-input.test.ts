import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { asUsageError, withNegatives } from '../../cli/arguments.ts'
import { main } from '../../cli/main.ts'
import { report } from '../report/load.ts'
import { terminal } from '../support/terminal.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-bad-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const made = path.join(folder, name)
  mkdirSync(path.dirname(made), { recursive: true })
  writeFileSync(made, text)
  return made
}

const mail = file('mail.mbox', 'From: someone\n\n'.concat('hello, this is no trace\n'.repeat(100)))
const binary = path.join(folder, 'binary.jsonl')
copyFileSync(process.execPath, binary)
writeFileSync(binary, readFileSync(binary).subarray(0, 20_000))
const foreign = file('foreign.json', '{"a":1}')
const two = path.join(folder, 'two')
file('two/chat-spike.json', JSON.stringify(report('spike')))
file('two/chat-steady.json', JSON.stringify(report('steady')))
mkdirSync(path.join(folder, 'empty'))
const empty = path.join(folder, 'empty')

async function said(argv: readonly string[]): Promise<{ code: number; out: string; note: string }> {
  const to = terminal()
  return { code: await main(argv, to), ...to.written }
}

/** One line, and for a wrong command line where to read more. */
const USAGE = /^[^\n]+\nSee k6-inference [\w -]+ --help\n$/
const INPUT = /^[^\n]+\n$/

describe('bad input gets one clear line', () => {
  test.each<[string, RegExp]>([
    ['run chat-steady --rate 4 --nope', /^run: --nope: there is no such option/],
    ['run chat-steady --url', /^run: --url: its value is missing/],
    ['run chat-steady --repeat -1', /^run: --repeat is "-1"; accepted: a whole number, 1 to 1000/],
    ['run chat-steady chat-spike', /^run: one scenario at a time; also got chat-spike/],
    ['run', /^run: no scenario given/],
    [
      'check --url localhost',
      /^check: BASE_URL="localhost\/v1": .*http:\/\/localhost|^check: BASE_URL/,
    ],
    ['check http://localhost', /^check: http:\/\/localhost: is not an option's value/],
    ['simulate --port -1', /^simulate: --port is "-1"; 0 to 65535 is accepted/],
    ['simulate --port 99999', /^simulate: --port is "99999"/],
    ['simulate --ttft x', /^simulate: --ttft is "x"; a number is accepted/],
    ['simulate --nope', /^simulate: --nope: there is no such option/],
    [`simulate --answers ${empty}/none`, /^simulate: .*none: cannot be read: ENOENT/],
    [`simulate --answers ${mail}`, /^simulate: .*mail\.mbox line 1: is not JSON/],
    ['k8s run --nope', /^k8s run: --nope: there is no such option/],
    ['simulate --host 192.0.2.1 --port 0', /^simulate: cannot listen on 192\.0\.2\.1:0 \(E/],
    ['report', /^report: no run given/],
    [`report ${empty} --formats nope`, /^report: --formats: no format "nope"; there are html/],
    ['cost results --gpu-hour -3', /^cost: --gpu-hour/],
    ['plan --rate -2 --e2e 5s', /^plan: --/],
    ['capacity --rate', /^capacity: --/],
    ['init mine.js', /^init: one file is written, .* got "mine\.js"/],
    ['trace inspect --x', /^trace inspect: --x: there is no such option/],
  ])('%s', async (line, expected) => {
    const { code, out, note } = await said(line.split(' '))
    expect(note).toMatch(expected)
    expect(note).toMatch(USAGE)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })

  test.each<[string, string[], RegExp]>([
    [
      'a mailbox as a trace',
      ['trace', 'inspect', mail],
      /is of no known trace|is no trace: line 1/,
    ],
    ['a program as a trace', ['trace', 'inspect', binary], /line 1/],
    ['no file as a trace', ['trace', 'inspect', `${mail}x`], /cannot read .*ENOENT/],
    [
      'a mailbox as a log',
      ['trace', 'from-log', mail, '--out', `${mail}.csv`],
      /^trace from-log: /,
    ],
    ['a mailbox as prompts', ['dataset', 'convert', mail], /^dataset: .*line 1/],
    ['a foreign JSON file', ['report', foreign], /is no results file: "format" is missing/],
    ['a folder without a run', ['report', empty], /holds no results/],
    ['nothing', ['report', `${empty}x`], /there is no such file or folder/],
    ['results of two scenarios', ['report', two], /results of several runs \(.*\); name the one/],
    ['a foreign file on one side', ['compare', foreign, two], /foreign\.json: is no results file/],
    [
      'no script',
      ['run', 'nothing-like-it'],
      /no scenario named "nothing-like-it"; there are agent/,
    ],
    ['no file', ['run', './nothing.js'], /nothing\.js: there is no such script/],
  ])('%s', async (_what, argv, expected) => {
    const { code, out, note } = await said(argv)
    expect(note).toMatch(expected)
    expect(note).toMatch(INPUT)
    expect({ code, out }).toEqual({ code: 1, out: '' })
  })

  test('a port in use', async () => {
    const server = net.createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { code, note } = await said(['simulate', '--port', String(port)])
    server.close()
    expect(note).toContain(`simulate: 127.0.0.1:${port} is in use by another program; --port 0`)
    expect(note).toMatch(USAGE)
    expect(code).toBe(2)
  })
})

test('a negative number is the value of the option before it', () => {
  const args = ['a', '--rate', '-1', '-e', '-2', '--x', '-.5', '-3', '--y=1', '-4']
  const joined = ['a', '--rate=-1', '-e-2', '--x=-.5', '-3', '--y=1', '-4']
  expect(withNegatives(args)).toEqual(joined)
  expect(withNegatives(['--', '--vus', '-1'])).toEqual(['--', '--vus', '-1'])
})

test('other errors stay what they are', () => {
  const error = new TypeError('oops')
  expect(asUsageError(error)).toBe(error)
})
