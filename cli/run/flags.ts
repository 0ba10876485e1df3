import { KEY_HELP, KEY_OPTIONS } from '../key.ts'

/** Options that set a variable: the common ones, so that a first run needs no `-e`. */
const VARIABLE_OF = {
  url: 'BASE_URL',
  model: 'MODEL',
  api: 'API',
  rate: 'RATE',
  concurrency: 'CONCURRENCY',
  duration: 'DURATION',
  'input-tokens': 'INPUT_TOKENS',
  'output-tokens': 'OUTPUT_TOKENS',
  dataset: 'DATASET',
  trace: 'TRACE',
} as const

type Flag = keyof typeof VARIABLE_OF

const text = { type: 'string' } as const

/** For `parseArgs`. */
export const FLAG_OPTIONS = {
  ...(Object.fromEntries(Object.keys(VARIABLE_OF).map((flag) => [flag, text])) as Record<
    Flag,
    typeof text
  >),
  ...KEY_OPTIONS,
}

export const FLAG_HELP = `  --url URL             the server, with the path before the operation: http://localhost:8000/v1
  --model NAME          model to ask for (default: the server's first)
  --api NAME            wire format (default chat; others: ollama, anthropic, …)
  --rate N              requests/s, an open loop
  --concurrency N       requests in flight, a closed loop
  --duration T          length of the main phase, such as 30s or 5m
  --input-tokens N      length of prompts: a number, or a distribution such as lognormal(500,0.6)
  --output-tokens N     length of answers, likewise
  --dataset FILE        prompts of your own
  --trace FILE          recorded traffic to replay (scenario trace-replay)
${KEY_HELP}
  -e NAME=value         any variable (docs/reference/variables.md); may be repeated`

/** The options given, as variables by name. @param problems gets what is given twice */
export function flagVariables(
  values: Readonly<Partial<Record<Flag, string>>>,
  given: Readonly<Record<string, string>>,
  problems: string[],
): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const [flag, name] of Object.entries(VARIABLE_OF) as [Flag, string][]) {
    const value = values[flag]
    if (value === undefined) continue
    if (given[name] !== undefined) problems.push(`--${flag} and -e ${name} are both given`)
    else variables[name] = value
  }
  return variables
}
