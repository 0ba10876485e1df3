import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { outputEnv } from '../../grafana/src/index.ts'
import type { Mode } from '../../grafana/src/index.ts'
import type { Report } from '../../lib/results/index.ts'

export interface LiveRun {
  testid: string
  mode: Mode
  report: Report
  /** Values of a metric's samples in the measured phases, in ms, ascending. */
  measured: (metric: string) => number[]
}

/** Runs a scenario with the output settings of a mode, as `npm run live` does, into a Prometheus. */
export async function runLive(options: {
  k6: string
  script: string
  folder: string
  testid: string
  mode: Mode
  writeUrl: string
  variables: Record<string, string>
}): Promise<LiveRun> {
  const { k6, script, testid, mode, writeUrl, variables } = options
  const folder = path.join(options.folder, testid)
  mkdirSync(path.join(folder, 'results'), { recursive: true })
  const raw = path.join(folder, 'samples.json')
  const args = ['run', '--address', '', '--tag', `testid=${testid}`]
  args.push('-o', 'experimental-prometheus-rw', '-o', `json=${raw}`)
  for (const [name, value] of Object.entries(variables)) args.push('-e', `${name}=${value}`)
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    K6_NO_USAGE_REPORT: 'true',
    ...outputEnv(mode),
    K6_PROMETHEUS_RW_SERVER_URL: writeUrl,
    K6_PROMETHEUS_RW_PUSH_INTERVAL: '1s',
  }
  const output = await new Promise<string>((resolve, reject) => {
    const child = spawn(k6, [...args, script], { cwd: folder, env })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    }
    const kill = () => child.kill('SIGKILL')
    const deadline = setTimeout(kill, 240_000)
    process.on('exit', kill)
    child.on('error', reject)
    child.on('close', () => {
      clearTimeout(deadline)
      process.removeListener('exit', kill)
      resolve(text)
    })
  })
  const name = path.basename(script, '.js')
  const file = path.join(folder, 'results', `${name}.json`)
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report
    return { testid, mode, report, measured: (metric) => measuredValues(raw, metric) }
  } catch (error) {
    throw new Error(`k6 left no results for ${testid}:\n${output}`, { cause: error })
  }
}

interface Line {
  type: string
  metric: string
  data: { value: number; tags?: Record<string, string> }
}

function measuredValues(file: string, metric: string): number[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes(`"${metric}"`))
    .map((line) => JSON.parse(line) as Line)
    .filter(
      (l) => l.type === 'Point' && l.metric === metric && l.data.tags?.['measured'] === 'true',
    )
    .map(({ data }) => data.value)
    .sort((a, b) => a - b)
}
