import type { ExchangeResult } from '../exchange/index.ts'
import type { ModelList, PreflightProblem, PreflightProblemType } from './types.ts'

/** At most this many model names are shown when the asked one is unknown. */
const SHOWN_MODELS = 8

export interface Asked {
  baseUrl: string
  path: string
  model: string
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
        `cannot connect to ${asked.baseUrl} (${result.reason}${said}); is the server running, and is BASE_URL right?`,
      )
    case 'timeout':
      return problem(
        'timeout',
        `${where} did not answer in time (${result.reason}); a cold model may need a larger TIMEOUT_FIRST_TOKEN (now ${asked.firstTokenTimeoutMs} ms)`,
      )
    case 'http_error':
      return diagnoseStatus(result, asked, models, where, said)
    case 'stream_error':
      return problem(
        result.reason === 'not_streaming' ? 'not_streaming' : 'bad_stream',
        result.reason === 'not_streaming'
          ? `${where} did not stream although "stream": true was asked${said}; TTFT and ITL cannot be measured`
          : `${where} failed inside its stream (${result.reason}${said})`,
      )
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

function diagnoseStatus(
  result: ExchangeResult,
  asked: Asked,
  models: ModelList | undefined,
  where: string,
  said: string,
): PreflightProblem {
  const status = result.httpStatus ?? 0
  if (status === 401 || status === 403) {
    const key = asked.hasKey
      ? 'the API_KEY given was refused'
      : 'the server requires an API key: set API_KEY'
    return { type: 'unauthorized', message: `${where} answered HTTP ${status}: ${key}${said}` }
  }
  const known = models?.ok ? models.models : []
  const unknownModel = known.length > 0 && !known.includes(asked.model)
  if (unknownModel && (status === 404 || status === 400 || status === 422)) {
    return { type: 'model_not_found', message: modelNotFound(asked, known) }
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

export function modelNotFound(asked: Asked, known: readonly string[]): string {
  const shown = known.slice(0, SHOWN_MODELS).join(', ')
  const more = known.length > SHOWN_MODELS ? `, and ${known.length - SHOWN_MODELS} more` : ''
  return `model not found: MODEL is "${asked.model}", ${asked.baseUrl} has: ${shown}${more}`
}
