import { ApiError, badField } from './api-error.ts'
import { isObject, optionalFlag, optionalInteger, rejectUnknown } from './body.ts'
import type { Json } from './body.ts'
import { drawLength } from './lengths.ts'
import type { SimulatorOptions } from './options.ts'
import { chatPrompt, plainPrompts } from './prompts.ts'
import { mix32 } from './random.ts'

export type GenerationKind = 'chat' | 'completions'

/** One answer that is going to be generated. */
export interface PlannedChoice {
  index: number
  promptIds: readonly number[]
  /** Tokens that are generated, reasoning included. */
  outputTokens: number
  reasoningTokens: number
  finishReason: 'stop' | 'length' | 'tool_calls'
  /** Of the text. */
  seed: number
  /** Name of the function that is called instead of an answer in words. */
  tool: string | undefined
  /** The text is one JSON object. */
  json: boolean
}

/** What a request asks for, checked; everything that is left to chance is drawn. */
export interface Plan {
  kind: GenerationKind
  model: string
  stream: boolean
  includeUsage: boolean
  continuousUsage: boolean
  choices: PlannedChoice[]
  promptTokens: number
}

const toolCalled = (body: Json): string | undefined => {
  const tools = body['tools']
  if (!Array.isArray(tools) || tools.length === 0 || body['tool_choice'] === 'none')
    return undefined
  const nameOf = (tool: unknown): string | undefined => {
    const fn = isObject(tool) ? tool['function'] : undefined
    return isObject(fn) && typeof fn['name'] === 'string' ? fn['name'] : undefined
  }
  const name = nameOf(body['tool_choice']) ?? nameOf(tools[0])
  if (name === undefined)
    throw badField('tools', 'tools[0] must be {"type":"function","function":{"name":…}}')
  return name
}

const outputLength = (
  body: Json,
  promptTokens: number,
  seed: number,
  options: SimulatorOptions,
): { tokens: number; cut: boolean } => {
  const left = options.maxModelLen - promptTokens
  const asked =
    optionalInteger(body, 'max_completion_tokens', 1) ?? optionalInteger(body, 'max_tokens', 1)
  const least = optionalInteger(body, 'min_tokens', 0) ?? 0
  if (left < 1 || (asked ?? 1) > left)
    throw new ApiError(
      400,
      `This model's maximum context length is ${options.maxModelLen} tokens. However, you requested ${promptTokens + (asked ?? 1)} tokens (${promptTokens} in the messages, ${asked ?? 1} in the completion).`,
      { code: 'context_length_exceeded', param: 'messages' },
    )
  const most = asked ?? left
  if (least > most)
    throw badField('min_tokens', `min_tokens is ${least}; at most max_tokens, ${most}, is accepted`)
  if (optionalFlag(body, 'ignore_eos')) return { tokens: most, cut: true }
  const drawn = Math.max(least, drawLength(options.outputTokens, seed))
  return { tokens: Math.min(most, drawn), cut: drawn >= most }
}

/**
 * Reads a generation request's body.
 *
 * @param sequence number of the request: what is drawn depends on it and the seed, but at
 * temperature 0 on the prompt instead, as a model's answer would
 * @throws ApiError 400
 */
export const planGeneration = (
  kind: GenerationKind,
  body: Json,
  options: SimulatorOptions,
  sequence: number,
): Plan => {
  if (options.strict) rejectUnknown(body)
  const stream = optionalFlag(body, 'stream')
  const streamOptions = body['stream_options'] ?? {}
  if (!isObject(streamOptions)) throw badField('stream_options', 'stream_options must be an object')
  if (!stream && body['stream_options'] !== undefined && body['stream_options'] !== null)
    throw badField('stream_options', 'stream_options is only accepted with stream: true')
  const n = optionalInteger(body, 'n', 1, 128) ?? 1
  const prompts =
    kind === 'chat' ? [chatPrompt(body, options)] : plainPrompts(body['prompt'], 'prompt', options)
  const tool = kind === 'chat' ? toolCalled(body) : undefined
  const format = body['response_format']
  const json = isObject(format) && format['type'] !== 'text'

  const choices: PlannedChoice[] = []
  let promptTokens = 0
  for (const promptIds of prompts) {
    if (promptIds.length === 0)
      throw badField(kind === 'chat' ? 'messages' : 'prompt', 'the prompt must not be empty')
    promptTokens += promptIds.length
    for (let i = 0; i < n; i++) {
      const index = choices.length
      const chance =
        body['temperature'] === 0
          ? promptIds.reduce((h, id) => mix32(h, id), i)
          : mix32(sequence, index)
      const seed = mix32(options.seed, chance)
      const { tokens, cut } = outputLength(body, promptIds.length, seed, options)
      choices.push({
        index,
        promptIds,
        outputTokens: tokens,
        reasoningTokens:
          kind === 'chat' ? Math.min(tokens, Math.round(tokens * options.reasoningShare)) : 0,
        finishReason: cut ? 'length' : tool === undefined ? 'stop' : 'tool_calls',
        seed,
        tool,
        json,
      })
    }
  }
  return {
    kind,
    model: String(body['model'] ?? options.models[0]),
    stream,
    includeUsage: stream && optionalFlag(streamOptions, 'include_usage'),
    continuousUsage: stream && optionalFlag(streamOptions, 'continuous_usage_stats'),
    choices,
    promptTokens,
  }
}
