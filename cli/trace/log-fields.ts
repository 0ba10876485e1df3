/** Which field of a log holds what; a path with dots goes into JSON objects. */
export interface LogFields {
  time?: string | undefined
  input?: string | undefined
  output?: string | undefined
  session?: string | undefined
  app?: string | undefined
  prompt?: string | undefined
  /** How long the request took, for logs whose time is that of the end. */
  duration?: string | undefined
}

/** Names that are looked for, in this order, where none is given: gateways' and OpenAI's. */
const USUAL = {
  time: [
    'timestamp',
    'time',
    'ts',
    '@timestamp',
    'startTime',
    'start_time',
    'created_at',
    'created',
  ],
  input: [
    'input_tokens',
    'prompt_tokens',
    'usage.prompt_tokens',
    'usage.input_tokens',
    'response.usage.prompt_tokens',
  ],
  output: [
    'output_tokens',
    'completion_tokens',
    'usage.completion_tokens',
    'usage.output_tokens',
    'response.usage.completion_tokens',
  ],
} as const

/** Value at a path; a key that has dots itself comes before the way into objects. */
export function valueAt(row: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(row, path)) return row[path]
  let value: unknown = row
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

export type SettledFields = LogFields & Record<keyof typeof USUAL, string>

/**
 * The fields of a log by its first row: those given, else the usual names that it has.
 * @returns the fields, or what could not be found
 */
export function settleFields(
  given: LogFields,
  first: Record<string, unknown>,
): { ok: true; fields: SettledFields } | { ok: false; message: string } {
  const problems: string[] = []
  const settle = (name: keyof typeof USUAL): string => {
    const path = given[name]
    if (path !== undefined) return path
    const found = USUAL[name].find((usual) => valueAt(first, usual) !== undefined)
    if (found === undefined) problems.push(`--${name} FIELD (looked for ${USUAL[name].join(', ')})`)
    return found ?? ''
  }
  const fields = {
    ...given,
    time: settle('time'),
    input: settle('input'),
    output: settle('output'),
  }
  if (problems.length === 0) return { ok: true, fields }
  const has = JSON.stringify(Object.keys(first).join(', ')).slice(0, 300)
  return { ok: false, message: `the first row has ${has}; say with ${problems.join(', ')}` }
}
