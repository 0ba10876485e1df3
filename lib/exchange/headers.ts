import type { Redactor } from '../safe-text/index.ts'

/** What names a request in the server's own log, and the server. */
const kept = ['request-id', 'server', 'via', 'x-request-id']

/** @returns those headers, fit to be shown: an echo of the key masked, at most 200 characters each */
export function headersThatMatter(
  headers: Readonly<Record<string, string>>,
  redact: Redactor,
): Record<string, string> {
  const found: Record<string, string> = {}
  for (let i = 0; i < kept.length; i++) {
    const name = kept[i]!
    const value = headers[name]
    if (value !== undefined) found[name] = redact.line(value)
  }
  return found
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const httpDate = /^\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/

/**
 * `retry-after` in seconds (RFC 9110, 10.2.3): a delay, or a date, which is counted from the answer's
 * own `date` so that the clocks of the two machines do not matter.
 */
export function retryAfterS(headers: Readonly<Record<string, string>>): number | undefined {
  const given = headers['retry-after']
  if (given === undefined) return undefined
  if (/^\d{1,9}(\.\d+)?$/.test(given)) return Number(given)
  const then = parseDate(given)
  const now = parseDate(headers['date'] ?? '')
  return then === undefined || now === undefined ? undefined : Math.max(0, (then - now) / 1000)
}

function parseDate(value: string): number | undefined {
  const match = httpDate.exec(value)
  const month = months.indexOf(match?.[2] ?? '')
  if (match === null || month < 0) return undefined
  const [day, year, hour, minute, second] = [1, 3, 4, 5, 6].map((index) => Number(match[index]))
  return Date.UTC(year!, month, day, hour, minute, second)
}
