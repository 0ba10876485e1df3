import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stringify } from 'yaml'

export interface Prometheus {
  url: string
  writeUrl: string
  /** Evaluates an expression at each step from `startS` to `endS`, epoch seconds. */
  range(expression: string, startS: number, endS: number, stepS: number): Promise<Series[]>
  /** Evaluates an expression at a moment, epoch seconds; now without one. */
  instant(expression: string, atS?: number): Promise<Series[]>
  /** Alert rules as Prometheus loaded them. */
  rules(): Promise<{ name: string; health: string }[]>
  stop(): Promise<void>
}

export interface Series {
  labels: Record<string, string>
  /** Time in epoch seconds and value; native histograms as NaN with `histogram` set. */
  points: { atS: number; value: number }[]
  histogram: boolean
}

export interface PrometheusOptions {
  /** `host:port` and path of what is scraped, by job. */
  scrape: readonly {
    job: string
    target: string
    path: string
    labels?: Readonly<Record<string, string>>
  }[]
  /** Rule files. */
  rules?: readonly string[]
  scrapeInterval?: string
  /** Where its data is kept, and was kept before; by default in a folder that goes with it. */
  data?: string
}

/** Whether `prometheus` (2.40 or later) is on PATH. */
export function prometheusThere(): boolean {
  return spawnSync('prometheus', ['--version'], { stdio: 'ignore' }).status === 0
}

/** Starts a Prometheus with remote-write receiver and native histograms in a folder of its own. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-prometheus-'))
  const interval = options.scrapeInterval ?? '1s'
  const data = options.data ?? path.join(folder, 'data')
  mkdirSync(data, { recursive: true })
  const config = path.join(folder, 'prometheus.yml')
  writeFileSync(
    config,
    stringify({
      global: { scrape_interval: interval, evaluation_interval: interval },
      rule_files: options.rules ?? [],
      scrape_configs: options.scrape.map(({ job, target, path: metrics_path, labels = {} }) => ({
        job_name: job,
        metrics_path,
        static_configs: [{ targets: [target], labels }],
      })),
    }),
  )
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--enable-feature=native-histograms',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-20_000)))
  const kill = () => child.kill('SIGKILL')
  process.on('exit', kill)
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  async function stop() {
    child.kill('SIGTERM')
    await ended
    process.removeListener('exit', kill)
    rmSync(folder, { recursive: true, force: true })
  }

  const giveUpAt = Date.now() + 60_000
  for (;;) {
    const ready = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) break
    if (child.exitCode !== null || Date.now() > giveUpAt) {
      await stop()
      throw new Error(`prometheus did not get ready:\n${log}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    url,
    writeUrl: `${url}/api/v1/write`,
    range: (query, startS, endS, stepS) =>
      ask(url, 'query_range', { query, start: startS, end: endS, step: stepS }),
    instant: (query, atS) =>
      ask(url, 'query', atS === undefined ? { query } : { query, time: atS }),
    async rules() {
      const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
        data: { groups: { rules: { name: string; health: string }[] }[] }
      }
      return data.groups.flatMap(({ rules }) => rules)
    },
    stop,
  }
}

type Point = [number, string]
interface Answer {
  status: string
  error?: string
  data?: {
    resultType: 'matrix' | 'vector' | 'scalar' | 'string'
    result:
      | Point
      | {
          metric: Record<string, string>
          value?: Point
          values?: Point[]
          histogram?: unknown
          histograms?: unknown[]
        }[]
  }
}

async function ask(
  url: string,
  what: 'query' | 'query_range',
  parameters: Record<string, string | number>,
): Promise<Series[]> {
  const body = new URLSearchParams(
    Object.entries(parameters).map(([key, value]): [string, string] => [key, String(value)]),
  )
  const response = await fetch(`${url}/api/v1/${what}`, { method: 'POST', body })
  const { status, error, data } = (await response.json()) as Answer
  if (status !== 'success' || data === undefined) {
    throw new Error(`${error ?? response.status}: ${String(parameters['query'])}`)
  }
  if (data.resultType === 'scalar' || data.resultType === 'string') {
    return [{ labels: {}, points: [point(data.result as Point)], histogram: false }]
  }
  return (data.result as Exclude<typeof data.result, Point>).map((series) => ({
    labels: series.metric,
    points: (series.values ?? (series.value ? [series.value] : [])).map(point),
    histogram: series.histogram !== undefined || (series.histograms?.length ?? 0) > 0,
  }))
}

function point([atS, text]: Point) {
  const value = text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text)
  return { atS, value }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
