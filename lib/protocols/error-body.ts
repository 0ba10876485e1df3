import { readError } from './effects.ts'
import { parseObject } from './json.ts'

/** @returns what the body of a failed HTTP answer says, in its own words: JSON or plain text */
export function errorMessage(body: string): string {
  const answer = parseObject(body)
  const error = answer === undefined ? undefined : readError(answer)
  if (error !== undefined) return error.message
  const message = answer?.['message']
  if (typeof message === 'string') return message
  // An HTML page says it in its title, if anywhere.
  const title = /<title>([^<]*)<\/title>/i.exec(body)?.[1]
  return (title ?? body).replace(/\s+/g, ' ').trim()
}
