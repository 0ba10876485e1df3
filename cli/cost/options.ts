import { parseArgs } from '../arguments.ts'
import type { Replica, TokenPrice } from '../../lib/cost/index.ts'
import { UsageError } from '../command.ts'
import { OUTPUT_HELP, OUTPUT_OPTIONS } from '../output/index.ts'
import type { OutputValues } from '../output/index.ts'

export const HELP = `Computes what tokens, requests and a month of load cost, from a run's results and records.

  k6-inference cost RUN --gpu-hour 2.50 --gpus 2 [options]
  k6-inference cost RUN --price-input 0.50 --price-output 1.50 [options]

RUN is a folder, a records file (.jsonl) or a results file (.json). Without records there is no cost
per model, and the cost per application is based on mean lengths.

GPUs paid by the hour:
  --gpu-hour P, --gpu-hour-reserved P, --gpu-hour-spot P   price of a GPU hour
  --gpus N             GPUs per replica (1)
  --replicas N         replicas that served the run (1)
  --overhead P%        added to the GPU price: nodes, network, people (0%)
  --input-weight W     work per input token relative to an output token, to share the cost between
                       applications and models (0.1)
Tokens paid by the million:
  --price-input P, --price-cached P, --price-output P   (cached: same as input)
At the limit, and over a month:
  --capacity FILE|N    a file (.json) that k6-inference capacity wrote, measured with requests like
                       the run's; or the requests/s that a replica can take
  --trace FILE         load over time, from a trace
  --daily R0,R1,…      load over a day: mean requests/s of parts of equal length
  --bin TIME           interval at which replicas are scaled (15m)
  --lead TIME          how long a replica takes to become ready (15m)
  --losses N           replicas that may fail (1)
  --at-least N         replicas to keep at all times (1)
  --power W            power of all GPUs together, if neither energy nor power was scraped
  --currency NAME      currency of all prices (USD)
${OUTPUT_HELP}

Example:
  k6-inference cost results/today --gpu-hour 2.5 --gpu-hour-spot 1.1 --gpus 2 --overhead 20% \\
      --capacity capacity.json --daily 2,1,1,1,2,6,14,22,25,25,20,8
`

export interface CostOptions {
  help: boolean
  run: string
  replica: Replica
  /** Prices of a GPU hour, by kind; [] without any. */
  hours: readonly { kind: GpuKind; price: number }[]
  replicas: number
  inputWeight: number
  tokenPrice: TokenPrice | undefined
  /** A number of requests/s, or a file. */
  capacity: string | undefined
  load: { trace: string } | { daily: readonly number[] } | undefined
  binMs: number
  leadMs: number
  losses: number
  atLeast: number
  powerW: number | undefined
  currency: string
  output: OutputValues
}

export type GpuKind = 'on demand' | 'reserved' | 'spot'

/** @throws UsageError that names every problem */
export function readOptions(argv: readonly string[]): CostOptions {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...OUTPUT_OPTIONS,
      'gpu-hour': text,
      'gpu-hour-reserved': text,
      'gpu-hour-spot': text,
      gpus: { ...text, default: '1' },
      replicas: { ...text, default: '1' },
      overhead: { ...text, default: '0%' },
      'input-weight': { ...text, default: '0.1' },
      'price-input': text,
      'price-cached': text,
      'price-output': text,
      capacity: text,
      trace: text,
      daily: text,
      bin: { ...text, default: '15m' },
      lead: { ...text, default: '15m' },
      losses: { ...text, default: '1' },
      'at-least': { ...text, default: '1' },
      power: text,
      currency: { ...text, default: 'USD' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const problems: string[] = []
  type Name = Exclude<keyof typeof values, 'out' | 'force' | 'help' | 'format'>
  const number = (name: Name): number | undefined => {
    const given = values[name]
    if (given !== undefined && !/^\d+(\.\d+)?$/.test(given))
      problems.push(`--${name} ${given}: a number is accepted`)
    return given === undefined ? undefined : Number(given)
  }
  const whole = (name: Name, least: number): number => {
    const value = number(name) as number
    if (!(Number.isInteger(value) && value >= least))
      problems.push(`--${name} ${values[name]}: a whole number from ${least} is accepted`)
    return value
  }
  const time = (name: 'bin' | 'lead', least: number): number => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(values[name]) ?? []
    const ms = Number(digits) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as 's']
    if (!(ms >= least))
      problems.push(
        `--${name} ${values[name]}: accepted: a time, such as 15m${least > 0 ? ', from 1s' : ''}`,
      )
    return ms
  }

  const hours = (
    [
      ['on demand', number('gpu-hour')],
      ['reserved', number('gpu-hour-reserved')],
      ['spot', number('gpu-hour-spot')],
    ] as const
  ).flatMap(([kind, price]) => (price === undefined ? [] : [{ kind, price }]))
  const overhead = /^(\d+(?:\.\d+)?)%$/.exec(values.overhead)?.[1]
  if (overhead === undefined)
    problems.push(`--overhead ${values.overhead}: accepted: per cent, such as 20%`)
  const [input, cached, output] = [
    number('price-input'),
    number('price-cached'),
    number('price-output'),
  ]
  const daily = values.daily?.split(',').map((rate) => (rate.trim() === '' ? NaN : Number(rate)))
  if (daily?.some((rate) => !(rate >= 0 && rate < Infinity)))
    problems.push(`--daily ${values.daily}: accepted: requests/s, such as 2,1,6,20`)
  const overTime = values.trace !== undefined || daily !== undefined
  const options: CostOptions = {
    help: values.help,
    run: positionals[0] ?? '',
    replica: { gpus: whole('gpus', 1), overhead: Number(overhead) / 100 },
    hours,
    replicas: whole('replicas', 1),
    inputWeight: number('input-weight') as number,
    tokenPrice: input === undefined || output === undefined ? undefined : { input, cached, output },
    capacity: values.capacity,
    load:
      daily !== undefined
        ? { daily }
        : values.trace !== undefined
          ? { trace: values.trace }
          : undefined,
    binMs: time('bin', 1000),
    leadMs: time('lead', 0),
    losses: whole('losses', 0),
    atLeast: whole('at-least', 0),
    powerW: number('power'),
    currency: values.currency,
    output: values,
  }
  if (hours.length === 0 && options.tokenPrice === undefined)
    problems.push('no price given; accepted: --gpu-hour, or --price-input and --price-output')
  if (positionals.length !== 1)
    problems.push(
      `${positionals.length} runs given; one records file, results file or folder is accepted`,
    )
  if (values.trace !== undefined && daily !== undefined)
    problems.push('--trace and --daily: one of them is accepted')
  if (overTime && values.capacity === undefined)
    problems.push('--trace and --daily need --capacity: what one replica can take')
  if (overTime && hours.length === 0) problems.push('--trace and --daily need --gpu-hour')
  if (values.capacity !== undefined && hours.length === 0)
    problems.push(
      '--capacity needs --gpu-hour: tokens paid by the million cost the same at any load',
    )
  if (!options.help && problems.length > 0) throw new UsageError(problems.join('\n'))
  return options
}
