import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Run } from '../../lib/runs/index.ts'
import { InputError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { endOf, runK6, withoutSummary, withoutVariables } from '../k6-process/index.ts'
import { k6Arguments } from '../run/index.ts'
import { readRun } from '../run-folder/index.ts'
import type { Provider, ProviderOptions } from './options.ts'

/** What all providers have in common unless the user says otherwise. */
const DEFAULTS: Record<string, string> = {
  GRADED_SHARE: '1',
  TEMPERATURE: '0',
  // What differs by tokenizer would make other prompts for each of them.
  CALIBRATION: 'off',
  // Of hosted models, few take more than max_tokens.
  IGNORE_EOS: 'off',
}

interface Playing {
  k6: string
  script: string
  /** An existing folder; each provider gets one in it. */
  folder: string
  /** Names the run, so that all send the same prompts. */
  id: string
}

/**
 * Measures a provider with a k6 of its own.
 * @param shell the environment, of which it gets no other provider's key
 * @returns undefined where it could not be measured, which has been said
 */
export async function playProvider(
  provider: Provider,
  options: ProviderOptions,
  { k6, script, folder, id }: Playing,
  shell: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<Run | undefined> {
  const own = path.join(folder, provider.name)
  await mkdir(own, { recursive: true })
  const ours = { RUN_ID: runId(provider, options, id), RECORDS: 'on' }
  const args = k6Arguments({
    script,
    folder: own,
    variables: { ...variablesOf(provider, options), ...ours },
    extra: ['--quiet', '--no-usage-report', '--address', ''],
    summary: false,
  })
  const env = withoutSummary(environmentOf(provider, options, shell))
  const ended = await runK6({ k6, args, env, stdout: 'ignore', stderr: 'keep' })
  const words = ended.stderr.slice(-2000).trim()
  if (ended.interrupted !== undefined) {
    throw new InputError(`stopped by ${ended.interrupted}; the records so far are in ${folder}`)
  }
  try {
    const run = await readRun(own)
    if (endOf(ended.code) === 'broken' && !run.report.bounds.some((bound) => bound.ended)) {
      throw new InputError(`k6 ended with exit code ${ended.code}`)
    }
    if ((run.report.measured.completed ?? 0) === 0) throw new InputError('no answer completed')
    return { ...run, name: provider.name }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    terminal.note(`providers: ${provider.name} is left out: ${error.message}\n${indented(words)}`)
    return undefined
  }
}

/**
 * What makes the prompts of a run unique. Equal for all, so that their prompts are; but two runs against one server
 * differ in these few words, or the one that comes later would find the other's prompts in the prefix cache: its TTFT was
 * measured 59 % too short.
 */
export function runId(
  { name, url }: Pick<Provider, 'name' | 'url'>,
  { providers }: Pick<ProviderOptions, 'providers'>,
  id: string,
): string {
  return sharing(url, providers).length === 1 ? id : `${id}-${name}`
}

/** The providers of one server. */
function sharing<P extends Pick<Provider, 'url'>>(url: string, providers: readonly P[]): P[] {
  return providers.filter((other) => hostOf(other.url) === hostOf(url))
}

/**
 * When the requests of one of several runs against one server are due: at random, and drawn for each run by itself. With
 * the same times in all, each request of a run would meet the other's at the same distance: of equal runs 0.2 s apart,
 * whose prefill took 0.2 s, one was measured to have twice the TPOT of the other.
 */
function arrivalsOf(
  { name, url }: Pick<Provider, 'name' | 'url'>,
  { providers, variables }: Pick<ProviderOptions, 'providers' | 'variables'>,
): Record<string, string> {
  const together = sharing(url, providers)
  const closed = ['CONCURRENCY', 'PEAK_CONCURRENCY'].some((own) => variables[own] !== undefined)
  if (together.length === 1 || closed) return {}
  const i = together.findIndex((one) => one.name === name)
  const seed = (Number(variables['SEED'] ?? 1) + i) % 2 ** 32
  return { ARRIVALS: 'poisson', ARRIVALS_SEED: String(seed) }
}

/** Whether several runs send to one server at times that they have in common. */
export function meetAlike({ providers, variables }: ProviderOptions): boolean {
  const shared = providers.some(({ url }) => sharing(url, providers).length > 1)
  const { ARRIVALS: arrivals, TRACE: trace } = variables
  return shared && (arrivals === 'constant' || trace !== undefined)
}

/** Whether two runs send one server the very same prompts, which its prefix cache then knows. */
export function sharesCache({ providers, variables }: ProviderOptions): boolean {
  const shared = providers.some(({ url }) => sharing(url, providers).length > 1)
  return variables['CACHE'] === 'natural' && shared
}

function hostOf(url: string): string {
  return new URL(url).host
}

/** Variables of a provider; its part of the spend is by its prices, so that each can answer as much. */
export function variablesOf(
  { name, url, model, api, body, price }: Provider,
  { variables, maxSpend, providers }: Pick<ProviderOptions, 'variables' | 'maxSpend' | 'providers'>,
): Record<string, string> {
  const arrivals = arrivalsOf({ name, url }, { providers, variables })
  const found: Record<string, string> = { ...DEFAULTS, ...arrivals, ...variables, BASE_URL: url }
  if (model !== undefined) found['MODEL'] = model
  if (api !== undefined) found['API'] = api
  if (body !== undefined) found['BODY'] = body
  if (maxSpend === undefined || price?.kind !== 'tokens') return found
  const weights = providers.map((one) => ({ name: one.name, weight: weightOf(one) }))
  const all = weights.reduce((sum, { weight }) => sum + weight, 0)
  const own = weights.find((one) => one.name === name)?.weight ?? 0
  return {
    ...found,
    MAX_SPEND: String((maxSpend * own) / all),
    PRICE_INPUT_TOKENS: String(price.perMillion.input),
    PRICE_OUTPUT_TOKENS: String(price.perMillion.output),
  }
}

function weightOf({ price }: Provider): number {
  return price?.kind === 'tokens' ? price.perMillion.input + price.perMillion.output : 0
}

/**
 * The environment of a provider's k6: its own key as the script takes it, and of keys nothing else.
 * @throws InputError where its variable holds no key
 */
export function environmentOf(
  { name, keyVariable }: Provider,
  { providers }: Pick<ProviderOptions, 'providers'>,
  shell: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const left = withoutVariables('drop', shell)
  for (const other of providers) if (other.keyVariable !== undefined) delete left[other.keyVariable]
  if (keyVariable === undefined) return left
  const key = shell[keyVariable]?.trim()
  if (!key) throw new InputError(`--key-env ${name}=${keyVariable}: not set`)
  return { ...left, API_KEY: key }
}

function indented(words: string): string {
  return words === '' ? '' : `${words.replace(/^/gm, '    ')}\n`
}
