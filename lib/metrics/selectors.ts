/** A metric and the tags a sub-metric of it is filtered by. */
export interface Selector {
  metric: string
  tags: Readonly<Record<string, string>>
}

/**
 * Writes a selector as k6 reads it: `name{a:1,b:2}`, tags in alphabetical order, so that one set of
 * tags has one spelling. k6 takes two spellings of one set for one sub-metric under the first name
 * it meets (in Go's random map order), and lets one list of thresholds overwrite the other.
 * @throws Error where a tag holds what k6 splits selectors by
 */
export function selector(metric: string, tags: Readonly<Record<string, string>> = {}): string {
  const keys = Object.keys(tags).sort()
  for (const key of keys) {
    const value = tags[key] as string
    if (value === '' || value !== value.trim() || /[,{}"']/.test(value) || /[,:{}"'\s]/.test(key)) {
      throw new Error(
        `cannot select ${metric} by tag ${key}=${JSON.stringify(value)}: k6 selectors take ` +
          'non-empty values without commas, braces, quotes or outer blanks',
      )
    }
  }
  return keys.length === 0 ? metric : `${metric}{${keys.map((k) => `${k}:${tags[k]}`).join(',')}}`
}

/** Reads a threshold's key as k6 does (ParseMetricName, AddSubmetric): blanks and quotes trimmed. */
export function parseSelector(key: string): Selector {
  const open = key.indexOf('{')
  if (open < 0 || !key.endsWith('}')) return { metric: key, tags: {} }
  const tags: Record<string, string> = {}
  for (const part of key.slice(open + 1, -1).split(',')) {
    const colon = part.indexOf(':')
    if (colon < 0) continue
    tags[unquote(part.slice(0, colon))] = unquote(part.slice(colon + 1))
  }
  return { metric: key.slice(0, open), tags }
}

/** One spelling for a key, whatever its order, blanks and quotes; as given where k6 would refuse it. */
export function canonicalKey(key: string): string {
  const { metric, tags } = parseSelector(key)
  try {
    return selector(metric, tags)
  } catch {
    return key
  }
}

function unquote(text: string): string {
  return text.trim().replace(/^["']+|["']+$/g, '')
}
