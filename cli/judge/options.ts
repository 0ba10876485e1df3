import type { Config } from '../../lib/config/index.ts'
import { DEFAULT_RUBRIC, LONGEST_RUBRIC, textHash } from '../../lib/judge/index.ts'
import type { JudgePrice, JudgeSettings } from '../../lib/judge/index.ts'
import { parseArgs } from '../arguments.ts'
import { UsageError } from '../command.ts'
import { pricesOf } from '../frontier/index.ts'
import { KEY_OPTIONS, readText } from '../key.ts'
import { OUTPUT_OPTIONS } from '../output/index.ts'
import type { OutputValues } from '../output/index.ts'
import { judgeConfig } from './config.ts'
import { DEFAULTS } from './help.ts'
import { numberOf, passOf, scaleOf } from './values.ts'

export interface JudgeOptions {
  run: string
  /** Of the judge's server. */
  config: Config
  settings: JudgeSettings
  price: JudgePrice | undefined
  maxRequests: number | undefined
  maxSpend: number | undefined
  /** Requests per second. */
  rate: number | undefined
  concurrency: number
  repeat: number
  output: OutputValues
}

const text = { type: 'string' } as const

const OPTIONS = {
  ...OUTPUT_OPTIONS,
  ...KEY_OPTIONS,
  ...{ url: text, model: text, api: text, body: text, timeout: text },
  ...{ rubric: text, scale: text, pass: text, 'max-tokens': text },
  ...{ repeat: text, rate: text, concurrency: text, 'max-requests': text, 'max-spend': text },
  tokens: text,
  currency: { ...text, default: 'USD' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Values = { readonly [name in keyof typeof OPTIONS]?: string | undefined }

/**
 * @param shell the environment, of which only what begins with JUDGE_ and the variable of the key are used
 * @throws UsageError that names every problem, InputError for a file or key that is not there
 */
export function readOptions(
  argv: readonly string[],
  shell: NodeJS.ProcessEnv,
): JudgeOptions | 'help' {
  const args = { args: [...argv], allowPositionals: true, options: OPTIONS }
  const { values, positionals } = parseArgs(args)
  if (values.help) return 'help'
  const problems: string[] = []
  const given: Values = { ...values, out: undefined, force: undefined, help: undefined }
  const run = runOf(positionals, problems)
  for (const name of ['url', 'model'] as const) {
    if (given[name] === undefined) problems.push(`--${name} is missing: it names the judge`)
  }
  const number = (name: keyof typeof NUMBERS) => {
    const value = given[name]
    return value === undefined ? undefined : numberOf(name, value, NUMBERS[name], problems)
  }
  const options = {
    run,
    settings: settingsOf(given, number('max-tokens'), problems),
    price: priceOf(given, problems),
    maxRequests: number('max-requests'),
    maxSpend: number('max-spend'),
    rate: number('rate'),
    concurrency: number('concurrency') ?? DEFAULTS.concurrency,
    repeat: number('repeat') ?? 1,
    output: values,
  }
  const config = judgeConfig(given, shell, problems)
  if (problems.length > 0 || config === undefined) throw new UsageError(problems.join('\n'))
  return { ...options, config }
}

/** What each may be; `whole` numbers have no fraction. */
const NUMBERS = {
  'max-tokens': { least: 16, most: 1e6, whole: true },
  'max-requests': { least: 1, most: 1e9, whole: true },
  'max-spend': { least: 0, most: 1e9, whole: false },
  rate: { least: 0.001, most: 1e4, whole: false },
  concurrency: { least: 1, most: 1000, whole: true },
  repeat: { least: 1, most: 20, whole: true },
} as const

function runOf([run = '', ...others]: readonly string[], problems: string[]): string {
  if (run === '') problems.push('no run given; name its folder')
  if (others.length > 0) problems.push(`one run at a time; also got ${others.join(', ')}`)
  return run
}

function settingsOf(
  { api = DEFAULTS.api, model = '', rubric, scale: given, pass, body }: Values,
  maxTokens: number = DEFAULTS.maxTokens,
  problems: string[],
): JudgeSettings {
  const scale = scaleOf(given, problems)
  return {
    ...{ api, model, scale, maxTokens },
    rubric: rubric === undefined ? DEFAULT_RUBRIC : rubricOf(rubric, problems),
    pass: passOf(pass, scale, problems),
    body: body === undefined ? '' : textHash(body),
  }
}

function rubricOf(file: string, problems: string[]): string {
  const rubric = readText(file).trim()
  if (rubric === '' || rubric.length > LONGEST_RUBRIC) {
    problems.push(
      `--rubric ${file}: holds ${rubric.length} characters; accepted: a text of 1 to ${LONGEST_RUBRIC}`,
    )
  }
  return rubric
}

/** Name of the one that has a price. */
const JUDGE = 'judge'

function priceOf(
  { tokens, currency = '', body = '', 'max-spend': maxSpend }: Values,
  problems: string[],
): JudgePrice | undefined {
  if (maxSpend !== undefined) {
    // A bound on money rests on prices, and on the limit of tokens that servers get.
    if (tokens === undefined)
      problems.push('--max-spend needs --tokens, the price of a million tokens')
    if (/"(max_[a-z_]*tokens|n_predict|num_predict)"/.test(body)) {
      problems.push('--body drops the limit of tokens, without which --max-spend cannot be kept')
    }
  }
  const given = tokens === undefined ? [] : [tokens]
  const price = pricesOf({ hour: [], tokens: given }, [JUDGE], problems).get(JUDGE)
  return price?.kind === 'tokens' ? { ...price.perMillion, currency } : undefined
}
