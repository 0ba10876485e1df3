import { describeVariables, parseConfig } from '../../lib/config/index.ts'
import type { Config, ConfigProblem } from '../../lib/config/index.ts'
import { withKey } from '../key.ts'
import { DEFAULTS } from './help.ts'

/** What the command line says of the judge's server. */
export interface ServerValues {
  url?: string | undefined
  model?: string | undefined
  api?: string | undefined
  body?: string | undefined
  timeout?: string | undefined
  'key-file'?: string | undefined
  'key-env'?: string | undefined
}

/** Of variables of the environment about the judge's server. */
const PREFIX = 'JUDGE_'

/** Variables that options set. */
const OPTIONS: Readonly<Record<string, string>> = {
  BASE_URL: '--url',
  MODEL: '--model',
  API: '--api',
  BODY: '--body',
  API_KEY: '--key-env',
  EXPECTED_E2E: '--timeout',
  TIMEOUT_CONNECT: '--timeout',
  TIMEOUT_FIRST_TOKEN: '--timeout',
  TIMEOUT_IDLE: '--timeout',
  TIMEOUT_TOTAL: '--timeout',
}

/**
 * The configuration of the judge's server.
 * @param shell the environment. Only what begins with JUDGE_ is used, as the rest is of the server that was tested
 * @param problems gets a line for each value that cannot be used
 * @throws InputError for a key that is not there
 */
export function judgeConfig(
  values: ServerValues,
  shell: NodeJS.ProcessEnv,
  problems: string[],
): Config | undefined {
  const { url = 'http://localhost', model = 'none', api = DEFAULTS.api, body } = values
  const { timeout = DEFAULTS.timeout } = values
  const parsed = parseConfig({
    scenario: 'judge',
    env: {
      ...fromShell(shell),
      ...{ BASE_URL: url, MODEL: model, API: api },
      ...(body !== undefined && { BODY: body }),
      ...{ EXPECTED_E2E: timeout, TIMEOUT_CONNECT: timeout, TIMEOUT_FIRST_TOKEN: timeout },
      ...{ TIMEOUT_IDLE: timeout, TIMEOUT_TOTAL: timeout },
      ...keyOf(values, shell),
    },
    hints: false,
  })
  if (!parsed.ok) problems.push(...new Set(parsed.problems.map(problemOf)))
  else if (parsed.config.api === 'embeddings') {
    problems.push('--api embeddings: a judge has to write')
  } else return parsed.config
  return undefined
}

/** What the environment says of it, such as JUDGE_HEADERS: on a command line every user could read them. */
function fromShell(shell: NodeJS.ProcessEnv): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { name, group } of describeVariables()) {
    const value = shell[PREFIX + name]
    if (group === 'server' && value !== undefined && !Object.hasOwn(OPTIONS, name)) {
      found[name] = value
    }
  }
  return found
}

/** The key of the judge, and never the one of the server that was tested. */
function keyOf(
  { 'key-file': file, 'key-env': env }: ServerValues,
  shell: NodeJS.ProcessEnv,
): { API_KEY?: string } {
  const named = file !== undefined || env !== undefined
  const key = named ? withKey(shell, { file, env })['API_KEY'] : shell[DEFAULTS.keyVariable]?.trim()
  return key ? { API_KEY: key } : {}
}

function problemOf({ variable, value, message, accepted }: ConfigProblem): string {
  const what = OPTIONS[variable] ?? PREFIX + variable
  return `${what}${value === undefined ? '' : ` ${value}`}: ${message}; accepted: ${accepted}`
}
