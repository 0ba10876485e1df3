/**
 * The rows in an object of a log: itself; what a container runtime has wrapped; the spans of an
 * OpenTelemetry export.
 */
export function logRows(object: Record<string, unknown>): Record<string, unknown>[] {
  const { log } = object
  if (typeof log === 'string' && 'stream' in object) {
    const inner = parse(log)
    return inner === undefined ? [object] : [{ time: object['time'], ...inner }]
  }
  const resources = object['resourceSpans']
  if (!Array.isArray(resources)) return [object]
  return resources.flatMap((resource) =>
    listIn(resource, 'scopeSpans').flatMap((scope) => listIn(scope, 'spans')),
  ) as Record<string, unknown>[]
}

function listIn(holder: unknown, key: string): unknown[] {
  const list = isObject(holder) ? holder[key] : undefined
  return Array.isArray(list) ? list.filter(isObject) : []
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
