import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { bareEnvironment, runK6 } from '../../../cli/k6-process/index.ts'
import type { Report } from '../../../lib/results/index.ts'
import { startSimulator, type SimRecord, type SimulatorSettings } from '../../../simulator/index.ts'

export interface BenchRun {
  /** One a k6 process. */
  reports: Report[]
  /** The load as the server saw it, without what came before it, in order of arrival. */
  records: SimRecord[]
  exitCodes: number[]
}

export interface BenchTarget {
  k6: string
  bundles: string
}

/**
 * Runs a scenario against a simulator of its own, by one k6 process or one for each segment.
 * The preflight's and the calibration's requests are told from the load by their number.
 */
export async function runOn(
  { k6, bundles }: BenchTarget,
  scenario: string,
  env: Readonly<Record<string, string>>,
  server: SimulatorSettings,
  segments: readonly string[] = [''],
): Promise<BenchRun> {
  const simulator = await startSimulator({ maxRecords: 100_000, ...server })
  const folder = await mkdtemp(path.join(tmpdir(), 'k6-inference-arrivals-'))
  try {
    const runs = segments.map(async (segment, i) => {
      const results = path.join(folder, String(i))
      await mkdir(results)
      const variables = { BASE_URL: simulator.url, RESULTS: results, ...env }
      const args = ['run', '-q', '--address', '']
      for (const [name, value] of Object.entries(variables)) args.push('-e', `${name}=${value}`)
      if (segment !== '') {
        args.push('--execution-segment', segment, '--execution-segment-sequence', '0,1/2,1')
      }
      args.push(path.join(bundles, `${scenario}.js`))
      const quiet = { ...bareEnvironment(), K6_NO_USAGE_REPORT: 'true' }
      const { code } = await runK6({ k6, args, env: quiet, stdout: 'ignore' })
      const text = await readFile(path.join(results, `${scenario}.json`), 'utf8')
      return { code, report: JSON.parse(text) as Report }
    })
    const done = await Promise.all(runs)
    const reports = done.map(({ report }) => report)
    const sent = reports.reduce((sum, { total }) => sum + (total.started ?? 0), 0)
    const records = simulator
      .records()
      .slice(-sent)
      .sort((a, b) => a.arrivalMs - b.arrivalMs)
    return { reports, records, exitCodes: done.map(({ code }) => code) }
  } finally {
    await simulator.close()
    await rm(folder, { recursive: true, force: true })
  }
}
