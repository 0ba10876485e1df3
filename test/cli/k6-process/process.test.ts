import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import {
  bareEnvironment,
  endOf,
  runK6,
  withoutVariables,
  worseOf,
} from '../../../cli/k6-process/index.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-process-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A program in k6's place. */
function standIn(name: string, body: string): string {
  const file = path.join(folder, name)
  writeFileSync(file, `#!${process.execPath}\n${body}`)
  chmodSync(file, 0o755)
  return file
}

describe('exit codes', () => {
  test.each([
    [0, 'passed'],
    [99, 'limits missed'],
    [1, 'broken'],
    [105, 'broken'],
    [137, 'broken'],
  ])('%i is %s', (code, end) => {
    expect(endOf(code)).toBe(end)
  })

  test('a broken run is worse than a missed limit, whatever the order', () => {
    expect([worseOf(0, 99), worseOf(99, 0)]).toEqual([99, 99])
    expect([worseOf(99, 107), worseOf(107, 99), worseOf(107, 0)]).toEqual([107, 107, 107])
    expect(worseOf(108, 107)).toBe(108)
  })
})

describe('the environment', () => {
  const shell = { PATH: '/bin', HOME: '/home/a', RATE: '9', API_KEY: 'k', OTHER: 'x' }

  test('loses the variables of scenarios, and keys where they are not wanted', () => {
    expect(withoutVariables('keep', shell)).toEqual({
      PATH: '/bin',
      HOME: '/home/a',
      API_KEY: 'k',
      OTHER: 'x',
    })
    expect(withoutVariables('drop', shell)).not.toHaveProperty('API_KEY')
    expect(bareEnvironment(shell)).toEqual({ PATH: '/bin', HOME: '/home/a' })
  })
})

describe('k6', () => {
  test('is run with its arguments, and what it says is kept where asked', async () => {
    const k6 = standIn(
      'says.cjs',
      'console.log(process.argv.slice(2).join(" "), process.env.A); console.error("words"); process.exit(99)',
    )
    const all = { k6, args: ['run', 'x.js'], env: { ...bareEnvironment(), A: 'a' } }
    expect(await runK6({ ...all, stdout: 'keep', stderr: 'keep' })).toEqual({
      code: 99,
      interrupted: undefined,
      timedOut: false,
      stdout: 'run x.js a\n',
      stderr: 'words\n',
    })
    expect(await runK6({ ...all, stdout: 'ignore', stderr: 'ignore' })).toMatchObject({
      stdout: '',
      stderr: '',
    })
  })

  test('that hangs is killed with what it started', async () => {
    const child = standIn('child.cjs', 'setInterval(() => {}, 1000); console.log(process.pid)')
    const k6 = standIn(
      'parent.cjs',
      `require('node:child_process').spawn(${JSON.stringify(child)}, { stdio: 'inherit' })
       setInterval(() => {}, 1000)`,
    )
    // The end is only seen once nobody holds the pipe, the started program included.
    const run = { k6, args: [], env: bareEnvironment(), timeoutMs: 1_500 }
    const ended = await runK6({ ...run, stdout: 'keep' })
    expect(ended).toMatchObject({ code: 137, timedOut: true })
    const pid = Number(ended.stdout)
    if (pid > 0) await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), 5_000)
  })

  test('that cannot be started is named', async () => {
    const k6 = path.join(folder, 'nothing')
    await expect(runK6({ k6, args: [], env: {} })).rejects.toThrow(/nothing: cannot be started/)
  })

  test('gets one Ctrl-C of the two that npm and the terminal send, and ends as it likes', async () => {
    const marks = path.join(folder, 'marks')
    const ready = path.join(folder, 'ready')
    // As a stock k6 does: the program that was started hands no signal on to the one that works.
    const worker = standIn(
      'worker.cjs',
      `let got = 0
       process.on('SIGINT', () => { if (++got === 1) setTimeout(() => {
         require('node:fs').writeFileSync(${JSON.stringify(marks)}, String(got)); process.exit(105) }, 200) })
       require('node:fs').writeFileSync(${JSON.stringify(ready)}, '')
       setInterval(() => {}, 1000)`,
    )
    const k6 = standIn(
      'launcher.cjs',
      `process.on('SIGINT', () => {})
       require('node:child_process').spawn(${JSON.stringify(worker)}, { stdio: 'inherit' })
         .on('close', (code) => process.exit(code))`,
    )
    const program = path.join(folder, 'program.mts')
    const from = new URL('../../../cli/k6-process/index.ts', import.meta.url).href
    writeFileSync(
      program,
      `import { runK6 } from ${JSON.stringify(from)}
       const { code, interrupted } = await runK6({ k6: ${JSON.stringify(k6)}, args: [], env: process.env })
       console.log(JSON.stringify({ code, interrupted }))`,
    )
    const tsx = import.meta.resolve('tsx')
    const child = spawn(process.execPath, ['--import', tsx, program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (text: Buffer) => (said += String(text)))
    const closed = new Promise((resolve) => child.on('close', resolve))
    await vi.waitFor(() => expect(existsSync(ready)).toBe(true), 20_000)
    child.kill('SIGINT')
    child.kill('SIGINT')
    await closed
    expect(JSON.parse(said)).toEqual({ code: 105, interrupted: 'SIGINT' })
    expect(existsSync(marks)).toBe(true)
  }, 40_000)
})
