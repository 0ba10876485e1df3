/** Kept in records: request ids, proxies, buffering, limits and the servers' own timings. */
const kept = new Set([
  'cf-ray',
  'content-type',
  'openai-processing-ms',
  'request-id',
  'retry-after',
  'server',
  'via',
  'x-accel-buffering',
  'x-cache',
  'x-envoy-upstream-service-time',
  'x-generated-tokens',
  'x-inference-time',
  'x-prompt-tokens',
  'x-queue-time',
  'x-request-id',
])
const keptPrefixes = ['x-litellm-', 'x-ratelimit-', 'anthropic-ratelimit-']
const maxValue = 200

export function headersThatMatter(
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of Object.keys(headers)) {
    if (!kept.has(name) && !keptPrefixes.some((prefix) => name.startsWith(prefix))) continue
    found[name] = headers[name]!.slice(0, maxValue)
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
