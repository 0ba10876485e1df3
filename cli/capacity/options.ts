import { parseArgs } from '../arguments.ts'
import { latencyLimits, requestLimits } from '../../lib/metrics/index.ts'
import type { SearchOptions } from '../../lib/capacity/index.ts'
import { UsageError } from '../command.ts'
import { OUTPUT_HELP, OUTPUT_OPTIONS } from '../output/index.ts'
import type { OutputValues } from '../output/index.ts'

export const HELP = `Finds the highest load that keeps the limits, from many short runs of k6.

  k6-inference capacity -e BASE_URL=http://host:8000/v1 -e SLO_TTFT_P95=500 [options]

  -e NAME=value        scenario variable, as for k6; at least one latency limit is required
                       (SLO_TTFT_P95, SLO_TPOT_P95, SLO_E2E_P95, …)
  --scenario NAME      a scenario's name or a script's path (chat-steady)
  --concurrency        search for requests in flight (closed loop) instead of requests/s
  --start, --min, --max N   first load of the sweep, and its bounds (4, 0.1, 1000)
  --duration, --warmup TIME shortest measured part and warm-up of a run (60s, 15s); runs near the
                       limit are longer where answers are long or requests are few
  --target P%          share of requests that must meet every limit (95%)
  --confidence P%      confidence level of the intervals (95%)
  --precision P%       stop when the result's interval is within ±P% (5%), …
  --max-minutes N      … or after N minutes of load, warm-ups included (60), …
  --max-runs N         … or after N runs (200); the result then says how precise it is
  --peak N             peak load to size replicas for; a replica counts as the lower end of the result
  --peak-trace FILE    take the peak from the busiest --peak-window (60s) of a trace
  --losses N           replicas that may fail at the peak (1)
  --runs DIR           folder for the runs' records (results/capacity-TIME)
${OUTPUT_HELP}

  k6-inference capacity -e SLO_TTFT_P95=500 -e SLO_TPOT_P95=40 --peak 120 -o capacity.html
  k6-inference capacity --concurrency -e SLO_E2E_P95=20000 --max 256
`

/** Limits that each single request is judged by. */
const JUDGED = new Set<string>(
  latencyLimits()
    .filter(({ field }) => requestLimits({ errorRate: 0, [field]: 1 }).length > 0)
    .map(({ variable }) => variable),
)

export interface CapacityOptions {
  help: boolean
  /** A scenario's name or a script's path. */
  scenario: string
  /** `NAME=value` of the command line. */
  variables: readonly string[]
  /** The latency limits among them. */
  limits: readonly string[]
  search: SearchOptions
  /** Peak load to size replicas for, or a trace whose busiest window gives it. */
  peak: number | { trace: string; windowMs: number } | undefined
  losses: number
  /** Folder for the runs; undefined: one named by the time. */
  runs: string | undefined
  output: OutputValues
}

/** @throws UsageError that names every problem */
export function readOptions(argv: readonly string[]): CapacityOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      ...OUTPUT_OPTIONS,
      env: { type: 'string', short: 'e', multiple: true, default: [] },
      scenario: { type: 'string', default: 'chat-steady' },
      concurrency: { type: 'boolean', default: false },
      start: { type: 'string', default: '4' },
      min: { type: 'string' },
      max: { type: 'string', default: '1000' },
      duration: { type: 'string', default: '60s' },
      warmup: { type: 'string', default: '15s' },
      target: { type: 'string', default: '95%' },
      confidence: { type: 'string', default: '95%' },
      precision: { type: 'string', default: '5%' },
      'max-minutes': { type: 'string', default: '60' },
      'max-runs': { type: 'string', default: '200' },
      peak: { type: 'string' },
      'peak-trace': { type: 'string' },
      'peak-window': { type: 'string', default: '60s' },
      losses: { type: 'string', default: '1' },
      runs: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const problems: string[] = []
  const number = (name: string, text: string): number => {
    if (!/^\d+(\.\d+)?$/.test(text)) problems.push(`--${name} ${text}: a number is accepted`)
    return Number(text)
  }
  const share = (name: string, text: string): number => {
    const digits = /^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1]
    if (digits === undefined) problems.push(`--${name} ${text}: accepted: per cent, such as 95%`)
    return Number(digits) / 100
  }
  const time = (name: string, text: string): number => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
    if (unit === undefined) problems.push(`--${name} ${text}: accepted: a time, such as 60s`)
    return Number(digits) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit as 'ms']
  }
  const unit = values.concurrency ? 'requests in flight' : 'requests/s'
  const search: SearchOptions = {
    unit,
    start: number('start', values.start),
    min: number('min', values.min ?? (values.concurrency ? '1' : '0.1')),
    max: number('max', values.max),
    target: share('target', values.target),
    confidence: share('confidence', values.confidence),
    precision: share('precision', values.precision),
    warmupMs: time('warmup', values.warmup),
    durationMs: time('duration', values.duration),
    maxRuns: number('max-runs', values['max-runs']),
    maxMinutes: number('max-minutes', values['max-minutes']),
  }
  const windowMs = time('peak-window', values['peak-window'])
  const peak = values.peak === undefined ? undefined : number('peak', values.peak)
  if (peak === 0) problems.push('--peak 0: above 0 is accepted')
  if (windowMs === 0) problems.push(`--peak-window ${values['peak-window']}: above 0 is accepted`)
  const losses = number('losses', values.losses)
  if (!Number.isInteger(losses) && /^\d/.test(values.losses))
    problems.push(`--losses ${values.losses}: a whole number is accepted`)
  for (const variable of values.env) {
    const name = /^([A-Z][A-Z0-9_]*)=/.exec(variable)?.[1]
    if (name === undefined) problems.push(`-e ${variable.split('=')[0]}: accepted: NAME=value`)
    else if (['RATE', 'CONCURRENCY', 'DURATION', 'WARMUP', 'RECORDS', 'RESULTS'].includes(name))
      problems.push(`-e ${name}: the search sets it; see --start, --duration, --warmup`)
  }
  const limits = values.env.filter((given) => JUDGED.has(given.split('=')[0]!))
  if (limits.length === 0)
    problems.push('no latency limit; accepted: one or more of -e SLO_TTFT_P95=500, SLO_TPOT_P95, …')
  if (values.peak !== undefined && values['peak-trace'] !== undefined)
    problems.push('--peak and --peak-trace: one of them is accepted')
  if (!values.help && problems.length > 0) throw new UsageError(problems.join('\n'))
  const trace = values['peak-trace']
  return {
    help: values.help,
    scenario: values.scenario,
    variables: values.env,
    limits,
    search,
    peak: trace === undefined ? peak : { trace, windowMs },
    losses,
    runs: values.runs,
    output: values,
  }
}
