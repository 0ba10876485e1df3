import { refusal, value, type Read } from './outcome.ts'

/** RFC 9110, 5.6.2: token. */
const token = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i
/** RFC 9110, 5.5: field values hold no CR, LF, NUL or other control characters but the tab. */
// oxlint-disable-next-line no-control-regex
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/
/** The client frames messages and manages connections itself, so users may not set these. */
const ours = [
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'te',
  'expect',
]

/**
 * Reads extra request headers: a JSON object of strings, or `name: value; name: value`.
 *
 * Messages name headers but never show their values, which may be credentials.
 *
 * @returns values by name, with names in lower case
 */
export function readHeaders(text: string): Read<Record<string, string>> {
  const pairs = text.startsWith('{') ? fromJson(text) : fromList(text)
  if (!pairs.ok) return pairs
  const headers: Record<string, string> = {}
  for (const [name, content] of pairs.value) {
    const key = name.toLowerCase()
    if (!token.test(name)) return refusal('has a header name with a character that none may have')
    if (!fieldValue.test(content)) return refusal(`${name} has a control character in its value`)
    if (ours.includes(key)) return refusal(`${name} is set by the client itself`)
    if (Object.hasOwn(headers, key)) return refusal(`${name} is given twice`)
    Object.defineProperty(headers, key, { value: content, enumerable: true })
  }
  return value(headers)
}

function fromJson(text: string): Read<[string, string][]> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    // The engine's message quotes the text, which may hold a credential.
    return refusal('starts with { and is not valid JSON')
  }
  const pairs = Object.entries(parsed as object)
  const wrong = pairs.find(([, content]) => typeof content !== 'string')
  return wrong ? refusal(`${wrong[0]} is not a text`) : value(pairs as [string, string][])
}

function fromList(text: string): Read<[string, string][]> {
  const pairs: [string, string][] = []
  for (const entry of text.split(';')) {
    if (entry.trim() === '') continue
    const colon = entry.indexOf(':')
    if (colon < 0) return refusal('has a part without a colon (values with ";" need the JSON form)')
    pairs.push([entry.slice(0, colon).trim(), entry.slice(colon + 1).trim()])
  }
  return value(pairs)
}
