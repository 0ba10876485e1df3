import { parseArgs } from 'node:util'
import type { Shown } from '../../lib/tables/index.ts'
import {
  binRates,
  costLine,
  joulesPerToken,
  lineItems,
  monthlyCost,
  perMillionAt,
  replicaHour,
  shareOut,
  tokenCost,
} from '../../lib/cost/index.ts'
import type { GpuPrice, Usage } from '../../lib/cost/index.ts'
import { num, percent } from '../../lib/tables/index.ts'
import { guarded, InputError, TERMINAL, UsageError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { OUTPUT_HELP, OUTPUT_OPTIONS, write } from '../compare/output.ts'
import { readJson } from '../run-folder/index.ts'
import { InputError as TraceError, readTrace } from '../trace/files.ts'
import { loadUsage } from './load-usage.ts'
import { linesShown, money, monthlyShown } from './show.ts'

const HELP = `What tokens, requests and a month of load cost, by a run's records.

  k6-inference cost RUN --gpu-hour 2.50 --gpus 2 [options]
  k6-inference cost RUN --price-input 0.50 --price-output 1.50 [options]

RUN is a records file (.jsonl) or its folder.

GPUs that are paid by the hour:
  --gpu-hour P, --gpu-hour-reserved P, --gpu-hour-spot P   price of a GPU's hour
  --gpus N             GPUs of a replica (1)
  --replicas N         replicas that served the run (1)
  --overhead P%        on top of the GPUs: nodes, network, people (0%)
  --input-weight W     work of an input token against an output token's, to hand out the cost to
                       applications and models (0.1)
Tokens that are paid by the million:
  --price-input P, --price-cached P, --price-output P   (cached: as input)
At the limit, and over a month:
  --capacity FILE|N    what k6-inference capacity wrote (.json), or requests/s a replica can take
  --trace FILE         load over time; --daily R0,R1,… mean requests/s of parts of a day of equal length
  --bin TIME           steps in which replicas are scaled (15m)
  --lead TIME          how long a replica takes to be ready (15m)
  --losses N           replicas that may be lost (1)
  --at-least N         replicas that are never given up (1)
  --power W            of all GPUs together, where it was not scraped
  --currency NAME      (USD)
${OUTPUT_HELP}

  k6-inference cost results/today --gpu-hour 2.5 --gpu-hour-spot 1.1 --gpus 2 --overhead 20% \\
      --capacity capacity.json --daily 2,1,1,1,2,6,14,22,25,25,20,8
`

/** `k6-inference cost`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded('cost', () => cost(argv, terminal), terminal)
}

async function cost(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...OUTPUT_OPTIONS,
      'gpu-hour': { type: 'string' },
      'gpu-hour-reserved': { type: 'string' },
      'gpu-hour-spot': { type: 'string' },
      gpus: { type: 'string', default: '1' },
      replicas: { type: 'string', default: '1' },
      overhead: { type: 'string', default: '0%' },
      'input-weight': { type: 'string', default: '0.1' },
      'price-input': { type: 'string' },
      'price-cached': { type: 'string' },
      'price-output': { type: 'string' },
      capacity: { type: 'string' },
      trace: { type: 'string' },
      daily: { type: 'string' },
      bin: { type: 'string', default: '15m' },
      lead: { type: 'string', default: '15m' },
      losses: { type: 'string', default: '1' },
      'at-least': { type: 'string', default: '1' },
      power: { type: 'string' },
      currency: { type: 'string', default: 'USD' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    terminal.out(HELP)
    return 0
  }
  const problems: string[] = []
  type Name = Exclude<keyof typeof values, 'out' | 'force' | 'help' | 'format'>
  const number = (name: Name): number | undefined => {
    const text = values[name]
    if (text !== undefined && !/^\d+(\.\d+)?$/.test(text))
      problems.push(`--${name} ${text}: a number is accepted`)
    return text === undefined ? undefined : Number(text)
  }
  const whole = (name: Name, least: number): number => {
    const value = number(name) as number
    if (!(Number.isInteger(value) && value >= least))
      problems.push(`--${name} ${values[name]}: a whole number from ${least} is accepted`)
    return value
  }
  const time = (name: 'bin' | 'lead'): number => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(values[name]) ?? []
    if (unit === undefined)
      problems.push(`--${name} ${values[name]}: accepted: a time, such as 15m`)
    return Number(digits) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as 's']
  }
  const overhead = /^(\d+(?:\.\d+)?)%$/.exec(values.overhead)?.[1]
  if (overhead === undefined)
    problems.push(`--overhead ${values.overhead}: accepted: per cent, such as 20%`)
  const gpu: GpuPrice = {
    onDemand: number('gpu-hour'),
    reserved: number('gpu-hour-reserved'),
    spot: number('gpu-hour-spot'),
    gpusPerReplica: whole('gpus', 1),
    overhead: Number(overhead) / 100,
  }
  const [input, cached, output] = [
    number('price-input'),
    number('price-cached'),
    number('price-output'),
  ]
  const replicas = whole('replicas', 1)
  const inputWeight = number('input-weight') as number
  const givenPower = number('power')
  const [binMs, leadMs] = [time('bin'), time('lead')]
  const [losses, atLeast] = [whole('losses', 0), whole('at-least', 0)]
  const daily = values.daily?.split(',').map(Number)
  if (daily?.some((rate) => !(rate >= 0)))
    problems.push(`--daily ${values.daily}: accepted: requests/s, such as 2,1,6,20`)
  const hours = [
    ['on demand', gpu.onDemand],
    ['reserved', gpu.reserved],
    ['spot', gpu.spot],
  ].filter((entry): entry is [string, number] => entry[1] !== undefined)
  const byToken = input !== undefined && output !== undefined
  if (hours.length === 0 && !byToken)
    problems.push('no price; accepted: --gpu-hour, or --price-input and --price-output')
  if (positionals.length !== 1)
    problems.push(`${positionals.length} runs given; one records file or folder is accepted`)
  if (values.trace !== undefined && daily !== undefined)
    problems.push('--trace and --daily: one of them is accepted')
  const overTime = values.trace !== undefined || daily !== undefined
  if (overTime && values.capacity === undefined)
    problems.push('--trace and --daily need --capacity: what one replica can take')
  if (overTime && hours.length === 0) problems.push('--trace and --daily need --gpu-hour')
  if (problems.length > 0) throw new UsageError(problems.join('\n'))

  const usage = await loadUsage(positionals[0] as string)
  const limit = values.capacity === undefined ? undefined : await capacityOf(values.capacity)
  const seconds = usage.windowMs / 1000
  const perS = usage.total.output / seconds
  const { currency } = values
  const shown: Shown[] = []
  const data: Record<string, unknown> = { format: 'k6-inference-cost', version: 1, currency }

  const groups = [
    ['By application', usage.byApp],
    ['By model', usage.byModel],
  ] as const
  for (const [name, price] of hours) {
    const hour = replicaHour(price, gpu)
    const whole = (hour * replicas * seconds) / 3600
    const all = costLine('all', usage.total, whole, 1)
    const parts = groups.map(([title, tokens]) => ({
      title,
      lines: shareOut(whole, tokens, inputWeight),
    }))
    const atLimit =
      limit === undefined
        ? null
        : perMillionAt(hour, limit.tokensPerS ?? tokensAt(limit.rate, usage))
    shown.push({
      ...linesShown(
        `Cost at GPU prices ${name}`,
        [all, ...parts.flatMap((p) => p.lines)],
        currency,
      ),
      facts: [
        `${money(price, currency)} a GPU hour, ${gpu.gpusPerReplica} GPUs a replica, ${percent(gpu.overhead)} on top: ${money(hour, currency)} a replica's hour, ${replicas} of them.`,
        `As measured (${num(perS)} output tokens/s): ${money(all.perMillionOutput, currency)} a million output tokens.`,
        ...(atLimit === null
          ? []
          : [`At the limit: ${money(atLimit, currency)} a million output tokens.`]),
      ],
      notes: [
        `Cost is handed out by output tokens and ${inputWeight} of the input tokens that were not cached. Completed requests of the measured window only; idle hours are in the month's cost below.`,
      ],
    })
    data[`gpu ${name}`] = { replicaHour: hour, all, parts, perMillionOutputAtLimit: atLimit }
  }
  if (byToken) {
    const price = { input, cached, output }
    const all = costLine('all', usage.total, tokenCost(usage.total, price), 1)
    const parts = groups.map(([title, tokens]) => ({ title, lines: lineItems(tokens, price) }))
    shown.push({
      ...linesShown('Cost at prices of tokens', [all, ...parts.flatMap((p) => p.lines)], currency),
      notes:
        usage.uncounted === 0
          ? []
          : [
              `${usage.uncounted} requests came without a count of input tokens: theirs is missing.`,
            ],
    })
    data['tokens'] = { all, parts }
  }
  const power = givenPower ?? usage.powerW
  if (power !== undefined) {
    const joules = joulesPerToken(power, perS)
    data['energy'] = { powerW: power, joulesPerOutputToken: joules }
    ;(shown[0] as Shown).facts.push(
      `${num(power)} W: ${num(joules)} J an output token${joules === null ? '' : `, ${num(joules / 3.6)} kWh a million`}.`,
    )
  }
  if (overTime && limit !== undefined) {
    const rates = daily ?? (await traceRates(values.trace as string, binMs))
    const lengthMs = daily === undefined ? binMs : 86_400_000 / daily.length
    const fleet = {
      perReplica: limit.rate,
      losses,
      leadBins: Math.ceil(leadMs / lengthMs),
      atLeast,
    }
    const months = hours.map(([name, price]) => {
      const hour = replicaHour(price, gpu)
      return { name, month: monthlyCost(rates, { static: hour, scaled: hour }, fleet) }
    })
    const base = hours.find(([name]) => name === 'reserved')
    const extra = hours.find(([name]) => name !== 'reserved')
    if (base !== undefined && extra !== undefined) {
      const prices = { static: replicaHour(base[1], gpu), scaled: replicaHour(extra[1], gpu) }
      const name = `static ${base[0]}, scaled ${extra[0]}`
      months.push({ name, month: monthlyCost(rates, prices, fleet) })
    }
    shown.push(monthlyShown(months, currency))
    data['monthly'] = months
  }
  await write({ shown, data }, values, terminal)
  return 0
}

/** Output tokens/s of a replica at a rate, by the run's mean answer; 0 when it completed none. */
function tokensAt(rate: number, { total }: Usage): number {
  return total.requests === 0 ? 0 : (rate * total.output) / total.requests
}

async function capacityOf(given: string): Promise<{ rate: number; tokensPerS: number | null }> {
  if (/^\d+(\.\d+)?$/.test(given) && Number(given) > 0)
    return { rate: Number(given), tokensPerS: null }
  const found = (await readJson(given)) as {
    format?: unknown
    unit?: unknown
    capacity?: unknown
    outputTokensPerS?: unknown
  } | null
  if (found?.format !== 'k6-inference-capacity')
    throw new InputError(`${given}: is no result of k6-inference capacity, and no number above 0`)
  if (found.unit !== 'requests/s')
    throw new InputError(
      `${given}: is in ${String(found.unit)}; a capacity in requests/s is accepted`,
    )
  if (typeof found.capacity !== 'number')
    throw new InputError(`${given}: no capacity was found there`)
  const tokensPerS = typeof found.outputTokensPerS === 'number' ? found.outputTokensPerS : null
  return { rate: found.capacity, tokensPerS }
}

async function traceRates(file: string, binMs: number): Promise<number[]> {
  const { trace } = await readTrace(file, {}).catch((error: unknown) => {
    if (error instanceof TraceError) throw new InputError(error.message)
    throw error
  })
  return binRates(trace.atMs, binMs)
}
