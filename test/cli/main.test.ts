import { describe, expect, test } from 'vitest'
import { guarded, InputError, UsageError } from '../../cli/command.ts'
import type { Command } from '../../cli/command.ts'
import { COMMANDS } from '../../cli/commands.ts'
import { main } from '../../cli/main.ts'
import { terminal } from '../support/terminal.ts'

describe('the command line', () => {
  test('lists every command, and nothing twice', async () => {
    const to = terminal()
    expect(await main(['--help'], to)).toBe(0)
    for (const { name, summary } of COMMANDS) {
      expect(to.written.out).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'))
    }
    expect(new Set(COMMANDS.map((c) => c.name)).size).toBe(COMMANDS.length)
  })

  test('says what there is when asked for something else', async () => {
    const to = terminal()
    expect(await main(['rnu'], to)).toBe(2)
    expect(to.written.note).toContain('no command "rnu"; there are ')
    expect(await main([], terminal())).toBe(2)
  })

  test('hands on what comes after the name, and its exit code', async () => {
    const seen: unknown[] = []
    const own: Command = {
      name: 'own',
      summary: '',
      load: async () => ({
        main: async (argv) => {
          seen.push(argv)
          return 7
        },
      }),
    }
    expect(await main(['own', '-x', 'y'], terminal(), [own])).toBe(7)
    expect(seen).toEqual([['-x', 'y']])
  })

  test('every command loads and has a main', async () => {
    for (const command of COMMANDS) {
      const loaded = await command.load()
      expect(loaded.main, command.name).toBeTypeOf('function')
    }
  })

  test.each([
    [new InputError('a.jsonl:3: has no "endMs"'), 1, 'report: a.jsonl:3: has no "endMs"\n'],
    [new UsageError('--out is missing'), 2, 'report: --out is missing\n'],
  ])('turns a user error into a line and an exit code', async (error, code, line) => {
    const to = terminal()
    const fails = () => Promise.reject(error)
    expect(await guarded('report', fails, to)).toBe(code)
    expect(to.written.note).toContain(line)
  })

  test("does not hide its own mistakes as the user's", async () => {
    const fails = () => Promise.reject(new TypeError('oops'))
    await expect(guarded('report', fails, terminal())).rejects.toThrow('oops')
  })
})
