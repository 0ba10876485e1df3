import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Report } from '../../lib/results/index.ts'
import { examples } from '../../scripts/deploy/examples.ts'
import { inspect, memoryProblem, podNeeds, vuProblems } from '../../cli/k8s/index.ts'
import { COSTS, planPods } from '../../cli/plan/index.ts'
import { startSimulator } from '../../simulator/index.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-archive-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const KEY = 'sk-not-to-be-found-anywhere'
const QUICK = {
  RATE: '10',
  DURATION: '2s',
  WARMUP: '0',
  INPUT_TOKENS: '40',
  OUTPUT_TOKENS: '8',
  EXPECTED_E2E: '2s',
  CALIBRATION: 'off',
}

function k6(args: string[], cwd: string, env: Record<string, string> = {}) {
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn(inject('k6'), args, {
      cwd,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, K6_NO_USAGE_REPORT: 'true', ...env },
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

const bundle = () => path.join(inject('bundles'), 'chat-spike.js')

const settings = (env: Record<string, string>) =>
  Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])

describe('k6 archive', () => {
  it('runs in another folder with no source beside it, and holds no key of the shell', async () => {
    const simulator = await startSimulator({ ttftMs: 20, tpotMs: 2, apiKey: KEY })
    try {
      const [from, to] = [path.join(folder, 'from'), path.join(folder, 'to')]
      mkdirSync(from)
      mkdirSync(path.join(to, 'results'), { recursive: true })
      copyFileSync(
        path.join(inject('bundles'), 'chat-steady.js'),
        path.join(from, 'chat-steady.js'),
      )
      const archive = path.join(to, 'test.tar')
      // The address is no secret and may be in the archive; the key is in the shell both times.
      const given = settings({ ...QUICK, BASE_URL: simulator.url })
      const made = await k6(['archive', ...given, '-O', archive, 'chat-steady.js'], from, {
        API_KEY: KEY,
      })
      expect(made.code, made.output).toBe(0)
      expect(readFileSync(archive).includes(KEY)).toBe(false)
      rmSync(from, { recursive: true })

      const ran = await k6(['run', '--address', '', 'test.tar'], to, { API_KEY: KEY })
      expect(ran.code, ran.output).toBe(0)
      expect(ran.output).not.toContain(KEY)
      const json = readFileSync(path.join(to, 'results', 'chat-steady.json'), 'utf8')
      const report = JSON.parse(json) as Report
      expect(report.total.completed).toBe(20)
      expect(json).not.toContain(KEY)
    } finally {
      await simulator.close()
    }
  })
})

describe('k6 run ARCHIVE', () => {
  /** An archive made with the quick variables, run with others. */
  async function run(args: string[]) {
    const archive = path.join(folder, 'test.tar')
    const script = path.join(inject('bundles'), 'chat-steady.js')
    const made = await k6(['archive', ...settings(QUICK), '-O', archive, script], folder)
    expect(made.code, made.output).toBe(0)
    return k6(['run', '--address', '', ...args, archive], folder)
  }

  it.each([
    [settings({ RATE: '20' }), /stages\[1\]\.target is 10 and should be 20/],
    [
      settings({ SLO_E2E_P95: '1' }),
      /thresholds are missing: llm_e2e\{measured:true\}: p\(95\)<=1\b/,
    ],
    [['--summary-trend-stats', 'avg'], /summaryTrendStats lacks/],
    [['--min-iteration-duration', '1s'], /minIterationDuration is 1s/],
  ])('%j: no load is sent, and why is said', async (args, words) => {
    // Nothing listens there: the archive is refused before the server is asked.
    const { code, output } = await run([
      ...args,
      ...settings({ BASE_URL: 'http://127.0.0.1:9/v1' }),
    ])
    expect(code).toBe(108)
    expect(output).toMatch(words)
    expect(output).toMatch(/plays the load of the variables it was made with/)
    expect(output).toContain('No load was sent')
  })
})

describe('what the operator’s initializer does', () => {
  it('tells how many VUs there are, so that more pods than VUs are refused before', async () => {
    const found = await inspect(inject('k6'), [bundle()], { ...QUICK, MAX_VUS: '4' })
    expect(found.maxVUs).toBeGreaterThanOrEqual(4)
    expect(vuProblems(found, 4)).toEqual([])
    expect(vuProblems(found, 5)).toContainEqual(expect.stringMatching(/scenario \w+ has 4 VUs/))
    expect(vuProblems(found, 500)).toEqual([expect.stringMatching(/the operator refuses/)])
  })

  it.each(examples())('$file: its pods hold the load that k6 counts', async ({ options }) => {
    const { scenario, variables, parallelism, memory } = options
    const script = path.join(inject('bundles'), `${scenario}.js`)
    const needs = podNeeds(await inspect(inject('k6'), [script], variables), parallelism, variables)
    expect(needs.requests).toBeGreaterThan(1000)
    expect(memoryProblem(needs, memory!, parallelism)).toBeUndefined()
    // A tenth of it would not do.
    expect(memoryProblem(needs, `${Number.parseInt(memory!) / 10}Mi`, parallelism)).toContain(
      'needs',
    )
  })

  it('counts the VUs and the memory that `plan` says', async () => {
    const steady = path.join(inject('bundles'), 'chat-steady.js')
    // Long enough for four times the expected answer: a shorter load needs no more VUs than requests.
    const variables = { ...QUICK, EXPECTED_E2E: '4s', DURATION: '20s' }
    const found = await inspect(inject('k6'), [steady], variables)
    const aim = { rate: 10, tokens: 1, ttftMs: 4000, tpotMs: 1, durationS: 20 }
    const planned = planPods(aim, { cores: 4, memoryMiB: 4096, share: 1 }, COSTS)
    if ('problem' in planned) throw new Error(planned.problem)
    const needs = podNeeds(found, 1, {})
    // k6 counts those of the monitor and of the server's metrics, too.
    expect(needs.vus - planned.vus).toBe(2)
    expect(needs.requests).toBe(200)
    expect(needs.mib - 2 * COSTS.mibPerVu).toBeCloseTo(planned.perPod.memoryMiB, 3)
  })

  it('finds problems in the variables, each with its name', async () => {
    const bad = inspect(inject('k6'), [bundle()], { RATE: 'many', DURATION: '10' })
    await expect(bad).rejects.toThrow(/RATE=.*many[^]*DURATION=/)
  })

  it('finds data files beside the bundle, as pods do', async () => {
    const data = path.join(folder, 'prompts.jsonl')
    writeFileSync(data, JSON.stringify({ prompt: 'Why is the sky blue?' }))
    const own = { ...QUICK, DATASET: 'prompts.jsonl' }
    await inspect(inject('k6'), [bundle(), data], own)
    await expect(inspect(inject('k6'), [bundle()], own)).rejects.toThrow(/DATASET prompts.jsonl/)
  })

  it('is not led astray by warnings, which it takes for errors when they hold that word', async () => {
    // A name that is nearly ours and phases of few requests are warned of while the script is loaded.
    await inspect(inject('k6'), [bundle()], { ...QUICK, SLO_ERROR_RATE: '1%', RATEE: '1' })
  })
})

const optionsOf = async (env: Record<string, string>) => {
  const { output } = await k6(['inspect', ...settings({ ...QUICK, ...env }), bundle()], folder)
  return JSON.parse(output.slice(output.indexOf('{'))) as { cloud: unknown; thresholds: object }
}

it('CLOUD_THRESHOLDS=judged leaves only the thresholds that decide', async () => {
  const env = { CLOUD_THRESHOLDS: 'judged', SLO_TTFT_P95: '800' }
  expect((await optionsOf(env)).thresholds).toEqual({
    'llm_ttft{measured:true}': ['p(95)<=800'],
    'llm_request_failed{measured:true}': ['rate<=0.01'],
    'llm_requests{measured:true,outcome:completed}': ['count>0'],
  })
})

it.each([
  ['CLOUD_DROP_METRICS', 'llm_icl,llm_ttft', /CLOUD_DROP_METRICS=llm_ttft: judges ttft_p95/],
  ['CLOUD_DROP_TAGS', 'app,outcome', /CLOUD_DROP_TAGS=outcome: judges completed/],
])('%s=%s is refused: a limit without samples would pass', async (name, value, words) => {
  const own = settings({ ...QUICK, SLO_TTFT_P95: '800', [name]: value })
  const { code, output } = await k6(['inspect', ...own, bundle()], folder)
  expect(code).not.toBe(0)
  expect(output).toMatch(words)
})

it('k6 Cloud’s options come from variables, and none is made up', async () => {
  const cloudOf = async (env: Record<string, string>) => (await optionsOf(env)).cloud
  expect(await cloudOf({})).toEqual({ name: 'chat-spike' })
  const zones = 'amazon:us:ashburn=60,amazon:de:frankfurt=40'
  const given = {
    CLOUD_STACK: '7',
    CLOUD_PROJECT: '5',
    CLOUD_NAME: 'spike on staging',
    CLOUD_NOTE: 'prefix cache off',
    CLOUD_STATIC_IPS: 'on',
    CLOUD_DROP_METRICS: 'llm_icl, tcp_reads',
    CLOUD_DROP_TAGS: 'app',
    CLOUD_LOAD_ZONES: zones,
  }
  expect(await cloudOf(given)).toEqual({
    name: 'spike on staging',
    stackID: 7,
    projectID: 5,
    note: 'prefix cache off',
    staticIPs: true,
    drop_metrics: ['llm_icl', 'tcp_reads'],
    drop_tags: { '*': ['app'] },
    distribution: {
      'amazon:us:ashburn': { loadZone: 'amazon:us:ashburn', percent: 60 },
      'amazon:de:frankfurt': { loadZone: 'amazon:de:frankfurt', percent: 40 },
    },
  })
})
