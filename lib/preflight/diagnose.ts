import type { ExchangeResult } from '../exchange/index.ts'
import { reachAdvice } from './reach.ts'
import type { ModelList, PreflightProblem, PreflightProblemType } from './types.ts'

/** At most this many model names are shown when the asked one is unknown. */
const SHOWN_MODELS = 8

export interface Asked {
  baseUrl: string
  path: string
  model: string
  /** MODEL is set; else the name is the server's own. */
  named: boolean
  hasKey: boolean
  firstTokenTimeoutMs: number
}

/** One clear sentence on why the probe's answer cannot be measured; undefined when it can be. */
export function diagnose(
  result: ExchangeResult,
  asked: Asked,
  models: ModelList | undefined,
): PreflightProblem | undefined {
  const where = `${asked.baseUrl}${asked.path}`
  const said = result.message ? `: ${result.message}` : ''
  const problem = (type: PreflightProblemType, message: string) => ({ type, message })

  switch (result.outcome) {
    case 'completed':
      return undefined
    case 'connect_error':
      return problem(
        'cannot_connect',
        `cannot connect to ${asked.baseUrl} (${result.reason}${said}); ${reachAdvice(result.reason)}`,
      )
    case 'timeout':
      return problem(
        'timeout',
        `${where} did not answer in time (${result.reason}); a cold model may need a larger TIMEOUT_FIRST_TOKEN (now ${asked.firstTokenTimeoutMs} ms)`,
      )
    case 'http_error':
      return diagnoseStatus(result, asked, models, where, said)
    case 'stream_error':
      return diagnoseStream(result, where, said)
    case 'empty':
      return problem('bad_stream', `${where} streamed an answer without any token`)
    case 'truncated':
    case 'aborted':
    case 'cancelled':
      return problem('bad_stream', `${where} broke off its stream (${result.reason}${said})`)
    default:
      return result.outcome satisfies never
  }
}

function diagnoseStream(
  { reason, message = '' }: ExchangeResult,
  where: string,
  said: string,
): PreflightProblem {
  if (message.startsWith(PAGE)) {
    return {
      type: 'path_not_found',
      message: `${where} answered with ${message}; BASE_URL leads to a web site, a login or a proxy`,
    }
  }
  if (reason === 'not_streaming') {
    return {
      type: 'not_streaming',
      message: `${where} did not stream although "stream": true was asked${said}; TTFT and ITL cannot be measured`,
    }
  }
  const how = WHOLE.includes(reason)
    ? 'gave an answer that cannot be read'
    : 'failed inside its stream'
  return { type: 'bad_stream', message: `${where} ${how} (${reason}${said})` }
}

/** With which the exchange describes a web page in place of an answer. */
const PAGE = 'an HTML page'
/** Reasons that are not about a stream. */
const WHOLE = ['bad_json', 'bad_http', 'content_encoding', 'unasked_answer']

/** What to do about a key that a server refuses. */
export function keyProblem(hasKey: boolean): string {
  return hasKey ? 'the API_KEY given was refused' : 'the server requires an API key: set API_KEY'
}

/** A missing model in the words of vLLM, Ollama, OpenAI, OpenRouter, LiteLLM and others. */
const noSuchModel =
  /\bmodel\b.*(not (be )?(found|exist|available|loaded|supported|served)|n't exist|unknown|no such|not a valid)|(unknown|no such|invalid|unsupported|not a valid) model\b|model_not_found/i

function diagnoseStatus(
  result: ExchangeResult,
  asked: Asked,
  models: ModelList | undefined,
  where: string,
  said: string,
): PreflightProblem {
  const status = result.httpStatus ?? 0
  if (status === 401 || status === 403) {
    const message = `${where} answered HTTP ${status}: ${keyProblem(asked.hasKey)}${said}`
    return { type: 'unauthorized', message }
  }
  const known = models?.ok ? models.models : []
  const unknownModel = known.length > 0 && !known.includes(asked.model)
  const saysSo = noSuchModel.test(result.message ?? '')
  if ((unknownModel || saysSo) && (status === 404 || status === 400 || status === 422)) {
    return { type: 'model_not_found', message: modelNotFound(asked, known, said) }
  }
  if (status === 404 || status === 405) {
    return {
      type: 'path_not_found',
      message: `${where} answered HTTP ${status}${said}; check that BASE_URL ends as the server's paths begin (often /v1) and that API fits the server`,
    }
  }
  if (status >= 500 || status === 429) {
    return { type: 'server_error', message: `${where} answered HTTP ${status}${said}` }
  }
  return { type: 'rejected', message: `${where} refused the request with HTTP ${status}${said}` }
}

function modelNotFound(asked: Asked, known: readonly string[], said: string): string {
  const { model, named, baseUrl } = asked
  const what = named ? `MODEL is "${model}"` : `"${model}" is the first model that the server lists`
  const shown = known.slice(0, SHOWN_MODELS).join(', ')
  const more = known.length > SHOWN_MODELS ? `, and ${known.length - SHOWN_MODELS} more` : ''
  const has = known.length === 0 ? `${baseUrl} does not have it` : `${baseUrl} has: ${shown}${more}`
  return `model not found: ${what}, ${has}${said}`
}
