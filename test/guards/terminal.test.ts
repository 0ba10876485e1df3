import { expect, it, vi } from 'vitest'
import { TERMINAL } from '../../cli/command.ts'
import { filesBelow, textOf } from '../support/sources.ts'

/** The only places that write to a terminal or to k6's log. What they write is fit to be shown. */
const MAY_WRITE = [
  'cli/bin.ts',
  'cli/terminal.ts',
  'cli/k8s/main.ts',
  'lib/k6/say.ts',
  'lib/k6/records.ts',
]
/** Prompts that hold code. */
const DATA = 'lib/workload/datasets/builtin-data.ts'

it('every word to a terminal or a log goes through one place', () => {
  const writes =
    /\bconsole\.(log|error|warn|info|debug)\(|\bprocess\.std(out|err)\b|\btest\.abort\(/
  const found = ['cli', 'lib', 'scenarios']
    .flatMap((folder) => filesBelow(folder))
    .filter((file) => file.endsWith('.ts') && writes.test(textOf(file)))
  expect(found.filter((file) => !MAY_WRITE.includes(file) && file !== DATA)).toEqual([])
})

it('what the commands write holds no control character, and no password of an address', () => {
  const written: string[] = []
  const take = (text: unknown) => written.push(String(text)) > 0
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(take),
  )
  const hostile = 'a\tb\u001b[2J\u009b1m\u202e\u0007\n'
  TERMINAL.out(JSON.stringify({ hostile }))
  TERMINAL.note(`${hostile}http://user:pass@host/?token=x`)
  for (const spy of spies) spy.mockRestore()
  expect(JSON.parse(written[0] as string)).toEqual({ hostile })
  expect(written[1]).toBe('a\tb\\u001b[2J\\u009b1m\\u202e\\u0007\nhttp://***@host/?token=***')
  expect(written.join('')).toMatch(/^[\t\n\x20-\x7e]*$/)
})
