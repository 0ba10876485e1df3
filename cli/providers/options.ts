import { readEndpoint } from '../../lib/config/index.ts'
import type { FigureLimit, Price } from '../../lib/frontier/index.ts'
import { maskUrl } from '../../lib/safe-text/index.ts'
import { parseArgs, variablesOf } from '../arguments.ts'
import { UsageError } from '../command.ts'
import { limitOf, PRICE_HELP, PRICE_OPTIONS, pricesOf } from '../frontier/index.ts'
import { OUTPUT_HELP, OUTPUT_OPTIONS } from '../output/index.ts'
import type { OutputValues } from '../output/index.ts'

export const HELP = `Sends the same prompts to several providers at the same time, and compares speed, errors, quality and price.

  k6-inference providers NAME=URL NAME=URL… [options]

  --model NAME=MODEL    model to ask a provider for (default: its first)
  --api NAME=API        its wire format (default chat)
  --body NAME=JSON      changes to the body of its requests, as the variable BODY makes them
  --key-env NAME=VAR    variable of the environment that holds its key; no other provider gets it
  --scenario S          scenario or script (default chat-steady)
  --rate N, --concurrency N, --duration T, --dataset FILE
                        load on each of them, as for run
  --max-spend P         ends the load when all of them together have cost so much; needs --tokens of each.
                        Each gets a part of it by its prices
  -e NAME=value         any variable, for all of them; may be repeated
  --limit ID=VALUE      limit on a figure, a floor where more is better: ttft_p95=800, quality=90%;
                        may be repeated
${PRICE_HELP}
  --folder DIR          folder in which the folder of the runs is created (default results)
${OUTPUT_HELP}

Every answer is graded unless -e GRADED_SHARE says otherwise (docs/quality.md). A provider that cannot be
measured is left out, with exit code 1.

Example:
  k6-inference providers a=https://api.one.example/v1 b=https://api.two.example/v1 \\
      --key-env a=ONE_KEY --key-env b=TWO_KEY --tokens a=0.5,1.5 --tokens b=0.2,0.8 --max-spend 5 \\
      --dataset data/quality/tools.jsonl --rate 2 --duration 5m -o providers.html
`

export interface Provider {
  name: string
  url: string
  model: string | undefined
  api: string | undefined
  /** JSON, merged into the body of its requests. */
  body: string | undefined
  /** Variable of the environment that holds its key. */
  keyVariable: string | undefined
  price: Price | undefined
}

export interface ProviderOptions {
  help: boolean
  providers: readonly Provider[]
  scenario: string
  /** For all of them. */
  variables: Readonly<Record<string, string>>
  maxSpend: number | undefined
  limits: readonly FigureLimit[]
  currency: string
  folder: string
  output: OutputValues
}

/** k6 processes that run side by side. */
const MOST = 8

/** Options of the load, and the variables that they set. */
const LOAD = {
  rate: 'RATE',
  concurrency: 'CONCURRENCY',
  duration: 'DURATION',
  dataset: 'DATASET',
} as const

const text = { type: 'string' } as const
const several = { type: 'string', multiple: true, default: [] as string[] } as const

/** @throws UsageError that names every problem */
export function readOptions(argv: readonly string[]): ProviderOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...OUTPUT_OPTIONS,
      ...PRICE_OPTIONS,
      model: several,
      api: several,
      body: several,
      'key-env': several,
      scenario: { ...text, default: 'chat-steady' },
      rate: text,
      concurrency: text,
      duration: text,
      dataset: text,
      'max-spend': text,
      env: { ...several, short: 'e' },
      limit: several,
      folder: { ...text, default: 'results' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const problems: string[] = []
  const urls = positionals.flatMap((given) => urlOf(given, problems) ?? [])
  const names = urls.map(({ name }) => name)
  if (new Set(names).size < names.length) problems.push('two providers have one name')
  if (!values.help && (positionals.length < 2 || positionals.length > MOST)) {
    problems.push(`${positionals.length} providers given; 2 to ${MOST} are accepted, as NAME=URL`)
  }
  const prices = pricesOf(values, names, problems)
  const own = (option: 'model' | 'api' | 'body' | 'key-env') =>
    perName(option, values[option], names, problems)
  const [models, apis, bodies, keys] = [own('model'), own('api'), own('body'), own('key-env')]
  const providers = urls.map(({ name, url }): Provider => {
    return {
      ...{ name, url, price: prices.get(name), model: models.get(name) },
      ...{ api: apis.get(name), body: bodies.get(name), keyVariable: keys.get(name) },
    }
  })
  const options: ProviderOptions = {
    help: values.help,
    providers,
    scenario: values.scenario,
    variables: variablesForAll(values, problems),
    maxSpend: spendOf(values['max-spend'], providers, problems),
    limits: values.limit.flatMap((limit) => limitOf(limit, problems) ?? []),
    currency: values.currency,
    folder: values.folder,
    output: values,
  }
  if (problems.length > 0 && !values.help) throw new UsageError(problems.join('\n'))
  return options
}

function urlOf(given: string, problems: string[]): { name: string; url: string } | undefined {
  const [, name, url] = /^([\w.-]{1,40})=(.+)$/s.exec(given) ?? []
  const read = url === undefined ? undefined : readEndpoint(url)
  if (name !== undefined && url !== undefined && read?.ok === true) return { name, url }
  const why = read?.ok === false ? `${read.message}; ` : ''
  problems.push(`${maskUrl(given)}: ${why}accepted: NAME=URL, such as a=https://host/v1`)
  return undefined
}

/** Values given as `NAME=value`, by name. */
function perName(
  option: string,
  given: readonly string[],
  names: readonly string[],
  problems: string[],
): Map<string, string> {
  const found = new Map<string, string>()
  for (const one of given) {
    const [, name, value] = /^([\w.-]+)=(.+)$/s.exec(one) ?? []
    if (name === undefined || value === undefined || !names.includes(name)) {
      // What stands there may be a key.
      problems.push(`--${option}: accepted: NAME=value, NAME being one of ${names.join(', ')}`)
    } else if (found.has(name)) problems.push(`--${option}: ${name} has one already`)
    else found.set(name, value)
  }
  return found
}

/** Set by this program. */
const OURS: Readonly<Record<string, string>> = Object.fromEntries(
  ['BASE_URL', 'ENDPOINTS', 'API_KEY', 'RESULTS', 'RECORDS', 'MAX_SPEND'].map((name) => [
    name,
    'is set for each provider',
  ]),
)

function variablesForAll(
  values: { readonly [option in keyof typeof LOAD]?: string | undefined } & { env: string[] },
  problems: string[],
): Record<string, string> {
  const found = variablesOf(values.env, OURS, problems)
  for (const [option, name] of Object.entries(LOAD) as [keyof typeof LOAD, string][]) {
    const value = values[option]
    if (value === undefined) continue
    if (found[name] !== undefined) problems.push(`--${option} and -e ${name} are both given`)
    found[name] = value
  }
  return found
}

function spendOf(
  given: string | undefined,
  providers: readonly Provider[],
  problems: string[],
): number | undefined {
  if (given === undefined) return undefined
  const spend = /^\d+(\.\d+)?$/.test(given) ? Number(given) : 0
  if (!(spend > 0)) problems.push(`--max-spend ${given}: accepted: an amount above 0`)
  const without = providers.filter(({ price }) => price?.kind !== 'tokens').map(({ name }) => name)
  if (without.length > 0) {
    problems.push(`--max-spend needs --tokens of each provider; missing: ${without.join(', ')}`)
  }
  const free = providers.filter(
    ({ price }) =>
      price?.kind === 'tokens' && price.perMillion.input + price.perMillion.output <= 0,
  )
  if (free.length > 0)
    problems.push(`--max-spend: ${free.map(({ name }) => name).join(', ')} costs nothing`)
  return spend
}
