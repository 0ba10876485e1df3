import { readError, readFlatError } from './errors.ts'
import { parseObject } from './json.ts'

/** @returns what the body of a failed HTTP answer says, in its own words, from JSON or plain text */
export function errorMessage(body: string): string {
  const answer = parseObject(body)
  const error = answer && (readError(answer) ?? readFlatError(answer))
  if (error !== undefined) return error.message
  const message = answer?.['message']
  if (typeof message === 'string') return message
  // An HTML page gives the reason in its title, if anywhere.
  const title = /<title>([^<]*)<\/title>/i.exec(body)?.[1]
  return (title ?? body).replace(/\s+/g, ' ').trim()
}

/** Whether a body is a web page: a login, a maintenance notice, a proxy's error. */
export function isHtml(body: string): boolean {
  return /^\s*<(!doctype html|html|head|body|\?xml)/i.test(body)
}
