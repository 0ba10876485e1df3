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

/** Names that are looked for, in this order, where none is given: gateways', OpenAI's, OpenTelemetry's. */
const USUAL = {
  time: [
    'timestamp',
    'timestamp_ms',
    'time',
    'ts',
    '@timestamp',
    'startTime',
    'start_time',
    'startTimeUnixNano',
    'start_time_unix_nano',
    'created_at',
    'created',
  ],
  input: [
    'input_tokens',
    'prompt_tokens',
    'usage.prompt_tokens',
    'usage.input_tokens',
    'usage.inputTokens',
    'response.usage.prompt_tokens',
    'response.usage.input_tokens',
    'gen_ai.usage.input_tokens',
    'attributes.gen_ai.usage.input_tokens',
    'attributes.gen_ai.usage.prompt_tokens',
    'attributes.llm.usage.prompt_tokens',
  ],
  output: [
    'output_tokens',
    'completion_tokens',
    'usage.completion_tokens',
    'usage.output_tokens',
    'usage.outputTokens',
    'response.usage.completion_tokens',
    'response.usage.output_tokens',
    'gen_ai.usage.output_tokens',
    'attributes.gen_ai.usage.output_tokens',
    'attributes.gen_ai.usage.completion_tokens',
    'attributes.llm.usage.completion_tokens',
  ],
} as const

/**
 * What joins OpenTelemetry's spans to conversations, where --session does not say: the conversation, else
 * the trace, which is one run of an agent.
 */
const CONVERSATIONS = ['gen_ai.conversation.id', 'attributes.gen_ai.conversation.id', 'traceId']

/** Operations of OpenTelemetry that are no request to a model; those of agents sum up the usage of their requests. */
const NO_REQUEST = /^(?:create_agent|invoke_agent|invoke_workflow|execute_tool|retrieval)$/

/** Whether a row is a span of an agent or a tool, around or between its requests. */
export function isAroundRequests(row: Record<string, unknown>): boolean {
  const operation =
    valueAt(row, 'attributes.gen_ai.operation.name') ?? valueAt(row, 'gen_ai.operation.name')
  return typeof operation === 'string' && NO_REQUEST.test(operation)
}

/**
 * Value at a path; a key that has dots itself comes before the way into objects. A list of
 * OpenTelemetry attributes (`{key, value: {intValue}}`) counts as an object.
 */
export function valueAt(row: Record<string, unknown>, path: string): unknown {
  const found = ownValue(row, path)
  if (found !== undefined) return found
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const inner = ownValue(row, path.slice(0, dot))
    if (typeof inner !== 'object' || inner === null) continue
    const value = valueAt(inner as Record<string, unknown>, path.slice(dot + 1))
    if (value !== undefined) return value
  }
  return undefined
}

function ownValue(row: Record<string, unknown>, key: string): unknown {
  if (!Array.isArray(row)) return Object.hasOwn(row, key) ? row[key] : undefined
  const attribute = (row as { key?: unknown; value?: unknown }[]).find((one) => one?.key === key)
  const value = attribute?.value
  if (typeof value !== 'object' || value === null) return value
  return Object.values(value)[0]
}

export type SettledFields = LogFields &
  Record<keyof typeof USUAL, string> & {
    /** Fields that are added to the input: Anthropic's `input_tokens` are the uncached ones only. */
    addedInputs: readonly string[]
  }

/** Anthropic's (and Bedrock's) counts of tokens that `input_tokens` leaves out. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  input_tokens: ['cache_read_input_tokens', 'cache_creation_input_tokens'],
  inputTokens: ['cacheReadInputTokens', 'cacheWriteInputTokens'],
}

/**
 * The fields of a log by a row that has them: those given, else the usual names that it has.
 * @returns the fields, or what could not be found
 */
export function settleFields(
  given: LogFields,
  row: Record<string, unknown>,
): { ok: true; fields: SettledFields } | { ok: false; message: string } {
  const problems: string[] = []
  const settle = (name: keyof typeof USUAL): string => {
    const path = given[name]
    if (path !== undefined) return path
    const found = USUAL[name].find((usual) => (valueAt(row, usual) ?? '') !== '')
    if (found === undefined) problems.push(`--${name} FIELD (looked for ${USUAL[name].join(', ')})`)
    return found ?? ''
  }
  const fields = {
    ...given,
    time: settle('time'),
    input: settle('input'),
    output: settle('output'),
  }
  if (fields.session === undefined && fields.input.includes('gen_ai.'))
    fields.session = CONVERSATIONS.find((usual) => (valueAt(row, usual) ?? '') !== '')
  if (problems.length === 0)
    return { ok: true, fields: { ...fields, addedInputs: added(fields.input) } }
  const has = JSON.stringify(Object.keys(row).join(', ')).slice(0, 300)
  return { ok: false, message: `the first row has ${has}; say with ${problems.join(', ')}` }
}

/** Paths beside that of the input, which rows may have or not. */
function added(input: string): string[] {
  const at = input.lastIndexOf('.') + 1
  // OpenTelemetry's count has the cached ones in it.
  if (input.includes('gen_ai.')) return []
  return (ADDED[input.slice(at)] ?? []).map((name) => input.slice(0, at) + name)
}
