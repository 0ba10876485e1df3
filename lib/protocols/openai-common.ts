import { count, isObject, object, text } from './effects.ts'
import type { Effects, Json, ServerError } from './effects.ts'
import { readError } from './errors.ts'
import { parseObject } from './json.ts'
import type { CalledTool, EncodeOptions, GenerationRequest, Usage, WholeAnswer } from './types.ts'

/** Members of the JSON body that chat and text completions share; undefined ones are not sent. */
export function commonBody(request: GenerationRequest, options: EncodeOptions): object {
  return {
    model: options.model,
    stream: options.stream,
    stream_options: options.stream ? streamOptions(options) : undefined,
    [options.maxCompletionTokens === true ? 'max_completion_tokens' : 'max_tokens']:
      request.maxTokens,
    min_tokens: request.minTokens,
    ignore_eos: request.ignoreEos,
    temperature: request.temperature,
  }
}

function streamOptions(options: EncodeOptions): object | undefined {
  if (!options.includeUsage && options.continuousUsage !== true) return undefined
  // vLLM honours continuous_usage_stats only together with include_usage.
  return options.continuousUsage === true
    ? { include_usage: true, continuous_usage_stats: true }
    : { include_usage: true }
}

/**
 * OpenAI's usage object, with DeepSeek's `prompt_cache_hit_tokens` and SGLang's top-level
 * `reasoning_tokens`.
 */
export function readUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined
  const cached = count(object(value['prompt_tokens_details'])['cached_tokens'])
  const reasoning = count(object(value['completion_tokens_details'])['reasoning_tokens'])
  const usage: Usage = {
    input: count(value['prompt_tokens']),
    output: count(value['completion_tokens']),
    cached: cached ?? count(value['prompt_cache_hit_tokens']),
    reasoning: reasoning ?? count(value['reasoning_tokens']),
  }
  if (Object.values(usage).every((part) => part === undefined)) return undefined
  const total = count(value['total_tokens'])
  return total === undefined ? usage : { ...usage, total }
}

/** Usage where it belongs, or inside Groq's own member or a choice, where some servers put it. */
function usageIn(frame: Json): Usage | undefined {
  const choice = Array.isArray(frame['choices']) ? object(frame['choices'][0]) : {}
  return (
    readUsage(frame['usage']) ??
    readUsage(object(frame['x_groq'])['usage']) ??
    readUsage(choice['usage'])
  )
}

/** @param answerOf,callsOf read the text and the tool calls of the first choice */
export function decodeWholeChoices(
  body: string,
  answerOf: (choice: Record<string, unknown>) => string,
  callsOf: (choice: Record<string, unknown>) => readonly CalledTool[] = () => [],
): WholeAnswer {
  const answer = parseObject(body)
  if (answer === undefined) return notJson()
  const choices = Array.isArray(answer['choices']) ? answer['choices'].filter(isObject) : []
  return {
    error: readError(answer) ?? choiceError(choices),
    usage: usageIn(answer),
    finishReason: text(choices[0]?.['finish_reason']) || undefined,
    text: choices[0] === undefined ? undefined : answerOf(choices[0]),
    toolCalls: choices[0] === undefined ? [] : callsOf(choices[0]),
  }
}

/** OpenRouter and vLLM put an error of one choice into that choice. */
function choiceError(choices: readonly unknown[]): ServerError | undefined {
  // By index, here and below: in k6's engine each step of an iterator makes an object.
  for (let i = 0; i < choices.length; i++) {
    const { error } = object(choices[i])
    const read = error === undefined ? undefined : readError({ error })
    if (read !== undefined) return read
  }
  return undefined
}

export function notJson(): WholeAnswer {
  const error = { message: 'the answer is no JSON object', type: 'not_json' }
  return { error, usage: undefined, finishReason: undefined, text: undefined }
}

/** The request's prompt as one text; a protocol without messages joins their contents. */
export function promptText(request: GenerationRequest): string {
  if (typeof request.prompt === 'string') return request.prompt
  if (request.prompt !== undefined && request.prompt.length === 1) return request.prompt[0]!
  if (request.prompt !== undefined) {
    throw new Error(
      `a batch of ${request.prompt.length} prompts: only the completions API takes one`,
    )
  }
  if (request.messages !== undefined)
    return request.messages.map((message) => message.content).join('\n')
  throw new Error('the request has neither messages nor prompt')
}

/** The request as a conversation; a bare prompt becomes one user message. */
export function messagesOf(request: GenerationRequest): readonly object[] {
  return request.messages ?? [{ role: 'user', content: promptText(request) }]
}

/**
 * Reads a frame of either OpenAI format; they differ in where a choice holds its text.
 *
 * @param readChoice adds what one choice generated
 */
export function readChoices(
  frame: Json,
  effects: Effects,
  readChoice: (choice: Json, effects: Effects) => void,
): void {
  effects.error = readError(frame)
  effects.usage = usageIn(frame)
  const { choices } = frame
  if (!Array.isArray(choices)) {
    effects.unknown = effects.error === undefined && effects.usage === undefined
    return
  }
  effects.error ??= choiceError(choices)
  for (let i = 0; i < choices.length; i++) {
    const choice: unknown = choices[i]
    if (!isObject(choice)) continue
    readChoice(choice, effects)
    if (typeof choice['finish_reason'] === 'string') effects.finishReason = choice['finish_reason']
  }
  if (choices.length > 0 && effects.usage !== undefined) readRunningUsage(effects)
}

/**
 * Usage on a frame with choices is that of the answer so far (vLLM's continuous_usage_stats). Its total
 * changes with each frame and means nothing until the last one.
 */
function readRunningUsage(effects: Effects): void {
  const { total, ...usage } = effects.usage!
  effects.cumulative = usage.output
  if (effects.finishReason === undefined) effects.usage = usage
}
