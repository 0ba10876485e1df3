import { execFileSync, spawn } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import type { Report } from '../../lib/results/index.ts'
import { startSimulator } from '../../simulator/index.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MODULES = path.join(ROOT, 'node_modules')

const SCRIPT = `import { check } from 'k6'
import { defineTest, type RunData } from 'k6-inference'
import { selector } from 'k6-inference/metrics'
import { chat } from 'k6-inference/workload'

const test = defineTest({ name: 'mine', shape: 'steady', workload: chat, defaults: { RATE: '10' } })

export const { setup, monitor, teardown, handleSummary } = test
export const options = { ...test.options, tags: { team: 'search' } }

export async function run(data: RunData) {
  await test.run(data)
  check(selector('llm_ttft', { phase: 'steady' }), { named: (s) => s === 'llm_ttft{phase:steady}' })
}
`

const MISTAKE = `import { defineTest } from 'k6-inference'
defineTest({ name: 'mine', shape: 'sideways', workload: 5 })
`

let folder = ''

/** The packed package in an example project outside of the repository, with its dependencies beside it. */
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-package-'))
  const npm = ['pack', '--silent', '--pack-destination', folder]
  execFileSync('npm', npm, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'))!
  const modules = path.join(folder, 'node_modules')
  const own = path.join(modules, 'k6-inference')
  mkdirSync(own, { recursive: true })
  execFileSync('tar', ['xzf', path.join(folder, tarball), '-C', own, '--strip-components=1'])
  const manifest = JSON.parse(readFileSync(path.join(own, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  for (const name of [...Object.keys(manifest.dependencies), '@types/k6']) {
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true })
    symlinkSync(path.join(MODULES, name), path.join(modules, name))
  }
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(path.join(folder, 'mine.ts'), SCRIPT)
  writeFileSync(path.join(folder, 'mistake.ts'), MISTAKE)
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function tsc(file: string, cwd = folder): { code: number; output: string } {
  const bin = path.join(MODULES, 'typescript', 'bin', 'tsc')
  const options = '--noEmit --strict --skipLibCheck --module preserve --target es2022 --lib es2022'
  try {
    execFileSync(process.execPath, [bin, ...options.split(' '), '--types', 'k6', file], {
      cwd,
      encoding: 'utf8',
    })
    return { code: 0, output: '' }
  } catch (error) {
    return { code: 1, output: (error as { stdout: string }).stdout }
  }
}

it('has types: a sound script passes, mistakes are found', () => {
  expect(tsc('mine.ts')).toEqual({ code: 0, output: '' })
  const { output } = tsc('mistake.ts')
  expect(output).toMatch(/'"sideways"' is not assignable/)
  expect(output).toMatch(/'number' is not assignable/)
})

it('bundles with esbuild as it comes, and runs in k6', async () => {
  const esbuild = path.join(MODULES, 'esbuild', 'bin', 'esbuild')
  const flags = '--bundle --format=esm --target=es2020 --external:k6 --external:k6/*'.split(' ')
  execFileSync(esbuild, ['mine.ts', ...flags, '--outfile=mine.js'], { cwd: folder, stdio: 'pipe' })
  mkdirSync(path.join(folder, 'results'))
  await runShortly('mine.js', folder)
  const json = readFileSync(path.join(folder, 'results', 'mine.json'), 'utf8')
  const report = JSON.parse(json) as Report
  expect(report.total.completed).toBe(20)
  expect(report.measured.metrics['llm_ttft']).toMatchObject({ count: 20 })
  expect(report.own.checks).toMatchObject([{ name: 'named', passes: 20, fails: 0 }])
})

it('brings the command-line program, with bundles that it finds', () => {
  const args = ['k8s', 'chat-spike', '--parallelism', '2', '--no-inspect', '--script', 'image']
  expect(program(args, folder)).toContain('localFile: /k6/dist/chat-spike.js')
})

it('writes a script into an empty folder that k6 runs as it is, with types', async () => {
  const empty = path.join(folder, 'empty')
  mkdirSync(path.join(empty, 'results'), { recursive: true })
  expect(program(['init', 'own.ts'], empty)).toBe('own.ts\nk6-inference.js\nk6-inference.d.ts\n')
  await runShortly('own.ts', empty)
  const json = readFileSync(path.join(empty, 'results', 'own.json'), 'utf8')
  expect((JSON.parse(json) as Report).measured.metrics['llm_ttft']).toMatchObject({ count: 20 })

  expect(tsc('own.ts', empty)).toEqual({ code: 0, output: '' })
  const own = readFileSync(path.join(empty, 'own.ts'), 'utf8')
  writeFileSync(path.join(empty, 'mistake.ts'), own.replace("'steady'", "'sideways'"))
  expect(tsc('mistake.ts', empty).output).toMatch(/'"sideways"' is not assignable/)

  const template = path.join(folder, 'node_modules/k6-inference/dist/script/template.ts')
  execFileSync(inject('k6'), ['new', '--template', template, 'new.ts'], { cwd: empty })
  expect(readFileSync(path.join(empty, 'new.ts'), 'utf8').replace(/my-test/g, 'own')).toBe(own)
})

/** The program as npm links it. */
function program(args: string[], cwd: string): string {
  const file = path.join(folder, 'node_modules/k6-inference/bin/k6-inference.mjs')
  return execFileSync(process.execPath, [file, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' })
}

/** 20 requests to a simulated server. */
async function runShortly(script: string, cwd: string): Promise<void> {
  const simulator = await startSimulator({ ttftMs: 30, tpotMs: 5 })
  try {
    const load = { BASE_URL: simulator.url, RATE: '10', DURATION: '2s', WARMUP: '0' }
    const rest = { EXPECTED_E2E: '2s', INPUT_TOKENS: '40', OUTPUT_TOKENS: '10', CALIBRATION: 'off' }
    const given = Object.entries({ ...load, ...rest }).flatMap(([k, v]) => ['-e', `${k}=${v}`])
    const { code, output } = await k6(['run', '--address', '', ...given, script], cwd)
    expect(code, output).toBe(0)
  } finally {
    await simulator.close()
  }
}

function k6(args: string[], cwd: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(inject('k6'), args, {
      cwd,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, K6_NO_USAGE_REPORT: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 75_000,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
