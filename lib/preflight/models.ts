import type { Page } from '../exchange/index.ts'
import { errorMessage, isHtml, parseObject } from '../protocols/index.ts'
import type { Redactor } from '../safe-text/index.ts'
import { keyProblem } from './diagnose.ts'
import { reachAdvice } from './reach.ts'
import type { ModelList, PreflightProblem } from './types.ts'

/** Routers list this where no server behind them has told a name. */
const placeholder = /^unknown$/i

/**
 * Reads the answer to `GET /models`: `{data: [{id}]}` (OpenAI) or a bare array of the same (Together).
 * Nothing but text is a name.
 *
 * @param body of a 2xx answer
 * @param redact shortens the server's words and hides secrets in them
 */
export function readModelList(page: Page, body: string, redact: Redactor): ModelList {
  if (!page.ok) return unreached({ ...page, message: redact.line(page.message) })
  if (page.status >= 300) return refused(page, redact)
  if (isHtml(body)) {
    return {
      ok: false,
      type: 'path_not_found',
      message: `answered with a web page (${redact.line(errorMessage(body))}): BASE_URL leads to a web site, a login or a proxy`,
    }
  }
  const list = parseObject(body)?.['data'] ?? parseObject(`{"data":${body}}`)?.['data']
  if (!Array.isArray(list)) {
    const begins = JSON.stringify(redact.line(body).slice(0, 60))
    const message = `answered with no list of models (it begins with ${begins}); set MODEL`
    return { ok: false, type: 'no_model', message }
  }
  const entries = list as (Record<string, unknown> | null)[]
  const named = entries.filter((entry) => isName(entry?.['id'], redact))
  const owner = named[0]?.['owned_by']
  return {
    ok: true,
    models: named.map((entry) => entry!['id'] as string),
    unnamed: entries.length - named.length,
    owner: typeof owner === 'string' ? owner : undefined,
  }
}

/** The model to ask for where MODEL is not set: the first that the server lists by a real name. */
export function pickModel(
  list: ModelList,
  { baseUrl, hasKey }: { baseUrl: string; hasKey: boolean },
): { model: string } | { problem: PreflightProblem } {
  const url = `${baseUrl}/models`
  if (!list.ok) {
    const key = list.type === 'unauthorized' ? `: ${keyProblem(hasKey)}` : ''
    const message = `MODEL is not set, and ${url} ${list.message}${key}`
    return { problem: { type: list.type, message } }
  }
  const model = list.models.find((name) => !placeholder.test(name))
  if (model !== undefined) return { model }
  const why =
    list.models.length > 0
      ? `lists only "${list.models[0]}", with which a router says that it knows no name; set MODEL to the name that the servers behind it use`
      : list.unnamed > 0
        ? `lists models without an id that is text; set MODEL`
        : 'lists no model; has one been loaded? Else set MODEL'
  return { problem: { type: 'no_model', message: `MODEL is not set, and ${url} ${why}` } }
}

function unreached({ reason, message }: Extract<Page, { ok: false }>): ModelList {
  switch (reason) {
    case 'timeout':
      return { ok: false, type: 'timeout', message: `did not answer in time (${message})` }
    case 'too_large':
      return { ok: false, type: 'no_model', message: `is too long (${message}); set MODEL` }
    case 'bad_http':
      return {
        ok: false,
        type: 'server_error',
        message: `gave an answer that cannot be read (${message})`,
      }
    case 'connection_lost':
      return { ok: false, type: 'server_error', message: `broke off (${message})` }
    default:
      return {
        ok: false,
        type: 'cannot_connect',
        message: `cannot be reached (${reason}: ${message}); ${reachAdvice(reason)}`,
      }
  }
}

/** The server's own words are kept: they tell a wrong key from a backend that is down. */
function refused(
  { status, headers, refusal }: Extract<Page, { ok: true }>,
  redact: Redactor,
): ModelList {
  const words = redact.line(errorMessage(refusal))
  const said = `answered HTTP ${status}${words === '' ? '' : `: ${words}`}`
  if (status === 401 || status === 403) return { ok: false, type: 'unauthorized', message: said }
  if (status >= 500 || status === 429) return { ok: false, type: 'server_error', message: said }
  if (status < 400) {
    const message = `answered HTTP ${status} (to ${redact.line(headers['location'] ?? 'nowhere')}), a redirect, which is not followed: it could take the key to another host; set BASE_URL to where it leads, or set MODEL`
    return { ok: false, type: 'no_model', message }
  }
  const advice =
    'set MODEL (and check that BASE_URL ends as the paths of the server begin, often with /v1)'
  return { ok: false, type: 'no_model', message: `${said}; ${advice}` }
}

/** A name with the key in it cannot be shown, so it is not asked for. */
function isName(id: unknown, redact: Redactor): boolean {
  return typeof id === 'string' && id.trim() !== '' && redact.text(id) === id
}
