/** What a request's body is changed by: RFC 7396, JSON Merge Patch. */
export type BodyPatch = Readonly<Record<string, unknown>>

/** A JSON text with a patch applied: objects are merged, null drops a field, anything else replaces it. */
export function patched(body: string, patch: BodyPatch): string {
  return JSON.stringify(merge(JSON.parse(body), patch))
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  // A Map holds a field of any name, `__proto__` too.
  const fields = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) fields.delete(name)
    else fields.set(name, merge(fields.get(name), value))
  }
  return Object.fromEntries(fields)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
