import { isObject } from './body.ts'

/** A schema that refers to itself ends here. */
const DEEPEST = 6

/**
 * A value that fits a JSON schema, as a model with guided decoding would give: every property, one item per
 * list. Types, enums, constants, lengths, bounds, `anyOf`, `oneOf`, `allOf` and local references are kept to;
 * `pattern` and `format` are not.
 */
export function instanceOf(schema: unknown): unknown {
  return valueOf(schema, schema, 0)
}

function valueOf(schema: unknown, root: unknown, depth: number): unknown {
  if (!isObject(schema) || depth > DEEPEST) return null
  if (typeof schema['$ref'] === 'string')
    return valueOf(target(schema['$ref'], root), root, depth + 1)
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  for (const name of ['anyOf', 'oneOf', 'allOf']) {
    const options = schema[name]
    if (Array.isArray(options)) return valueOf(options[0], root, depth + 1)
  }
  const type = Array.isArray(schema['type']) ? (schema['type'][0] as unknown) : schema['type']
  switch (type ?? (isObject(schema['properties']) ? 'object' : 'string')) {
    case 'object':
      return Object.fromEntries(
        Object.entries(isObject(schema['properties']) ? schema['properties'] : {}).map(
          ([name, own]) => [name, valueOf(own, root, depth + 1)],
        ),
      )
    case 'array':
      return Array.from({ length: Math.max(1, numberOr(schema['minItems'], 1)) }, () =>
        valueOf(schema['items'], root, depth + 1),
      )
    case 'integer':
    case 'number':
      return numberOr(schema['minimum'], Math.min(1, numberOr(schema['maximum'], 1)))
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return 'word'
        .padEnd(numberOr(schema['minLength'], 0), 's')
        .slice(0, numberOr(schema['maxLength'], 1e6))
  }
}

function target(reference: string, root: unknown): unknown {
  let found = root
  for (const part of reference.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    found = isObject(found)
      ? found[decodeURIComponent(part).replace(/~1/g, '/').replace(/~0/g, '~')]
      : undefined
  }
  return found
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}
