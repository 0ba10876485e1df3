import type { ParseArgsConfig } from 'node:util'
import type { ParseOptions, TimeUnit, TraceChanges } from '../../lib/traces/index.ts'
import { parseArgs } from '../arguments.ts'
import { UsageError } from '../command.ts'

type OptionConfig = NonNullable<ParseArgsConfig['options']>

/** Options of reading, for each command that takes a trace. */
export const READ_OPTIONS = {
  'skip-bad-rows': { type: 'boolean' },
  'time-unit': { type: 'string' },
  'no-prompts': { type: 'boolean' },
  'block-tokens': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies OptionConfig

/** Options of changing a trace. */
export const CHANGE_OPTIONS = {
  from: { type: 'string' },
  for: { type: 'string' },
  busiest: { type: 'string' },
  speed: { type: 'string' },
  rate: { type: 'string' },
  sample: { type: 'string' },
  spread: { type: 'string' },
  'max-input': { type: 'string' },
  'max-output': { type: 'string' },
  'max-total': { type: 'string' },
  seed: { type: 'string' },
} as const satisfies OptionConfig

export type Values = Record<string, string | boolean | undefined>

/** @throws UsageError */
export function parseCommand(
  argv: readonly string[],
  options: OptionConfig,
): { values: Values; files: string[] } {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: true,
  })
  return { values: values as Values, files: positionals }
}

/** Reads the values of options, collecting all problems; `check` throws them at once. */
export function valueReader(values: Values) {
  const problems: string[] = []
  const given = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  const wrong = (name: string, accepted: string): undefined => {
    problems.push(`--${name} is ${JSON.stringify(given(name))}; accepted: ${accepted}`)
    return undefined
  }
  return {
    given,
    number(name: string, min: number, max: number, whole = false): number | undefined {
      const text = given(name)
      if (text === undefined) return undefined
      const value = text.trim() === '' ? NaN : Number(text)
      if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value
      const bounds = max === Infinity ? `${min} or more` : `${min} to ${max}`
      return wrong(name, `a ${whole ? 'whole ' : ''}number, ${bounds}`)
    },
    /** ms of a duration as k6 writes it: `90s`, `10m`, `1h30m`, `500ms`. */
    duration(name: string): number | undefined {
      const text = given(name)
      if (text === undefined) return undefined
      const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
      if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text))
        return wrong(name, 'a duration like 90s, 10m or 1h30m')
      let sum = 0
      for (const [, value, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
        sum += Number(value) * (units[unit as string] as number)
      }
      return sum
    },
    oneOf<T extends string>(name: string, accepted: readonly T[]): T | undefined {
      const text = given(name)
      if (text === undefined) return undefined
      return accepted.find((one) => one === text) ?? wrong(name, accepted.join(', '))
    },
    problem: (text: string) => void problems.push(text),
    check() {
      if (problems.length > 0) throw new UsageError(problems.join('\n'))
    },
  }
}

type Reader = ReturnType<typeof valueReader>

export function readOptions(reader: Reader, values: Values): ParseOptions {
  const options: ParseOptions = {}
  if (values['skip-bad-rows'] === true) options.badRows = 'skip'
  if (values['no-prompts'] === true) options.prompts = false
  const unit = reader.oneOf<TimeUnit>('time-unit', ['s', 'ms', 'us', 'ns'])
  if (unit !== undefined) options.timeUnit = unit
  const blockTokens = reader.number('block-tokens', 1, 1e6, true)
  if (blockTokens !== undefined) options.blockTokens = blockTokens
  return options
}

export function changeOptions(reader: Reader): TraceChanges {
  const changes: TraceChanges = {}
  const set = <K extends keyof TraceChanges>(name: K, value: TraceChanges[K] | undefined) => {
    if (value !== undefined) changes[name] = value
  }
  set('from', reader.duration('from'))
  set('forMs', reader.duration('for'))
  const busiest = reader.duration('busiest')
  if (busiest !== undefined) {
    if (changes.from !== undefined || changes.forMs !== undefined) {
      reader.problem('--busiest gives the window itself: leave out --from and --for')
    }
    changes.from = 'busiest'
    changes.forMs = busiest
  }
  if (changes.forMs === 0) reader.problem('the window is empty: --for or --busiest is 0')
  set('speed', reader.number('speed', 1e-6, 1e6))
  set('rateFactor', reader.number('rate', 1e-6, 1000))
  set('sample', reader.number('sample', 0, 1))
  set('seed', reader.number('seed', 0, 2 ** 32 - 1, true))
  const spread = reader.given('spread')
  set('spread', spread === 'auto' || spread === 'off' ? spread : reader.duration('spread'))
  const limits = {
    maxInput: reader.number('max-input', 1, 1e7, true),
    maxOutput: reader.number('max-output', 1, 1e7, true),
    maxTotal: reader.number('max-total', 2, 1e7, true),
  }
  const some = Object.entries(limits).filter(([, value]) => value !== undefined)
  if (some.length > 0) changes.limits = Object.fromEntries(some)
  return changes
}
