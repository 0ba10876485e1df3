import type { GenerationKind } from './plan.ts'

/** Tokens as the server bills them. */
export interface UsageCounts {
  prompt: number
  completion: number
  /** undefined: not told. */
  cached: number | undefined
  reasoning: number
}

export const usageJson = (usage: UsageCounts): string => {
  const prompt =
    usage.cached === undefined ? '' : `,"prompt_tokens_details":{"cached_tokens":${usage.cached}}`
  const completion =
    usage.reasoning === 0
      ? ''
      : `,"completion_tokens_details":{"reasoning_tokens":${usage.reasoning}}`
  return `{"prompt_tokens":${usage.prompt},"completion_tokens":${usage.completion},"total_tokens":${usage.prompt + usage.completion}${prompt}${completion}}`
}

/** Writes the JSON of a stream's frames by joining text: no object and no stringify a token. */
export interface Frames {
  /** @param delta members of the delta (chat) or of the choice (completions), JSON without braces */
  frame(choice: number, delta: string, finish: string | undefined, usage?: string): string
  usageFrame(usage: string): string
  errorFrame(message: string): string
}

/** @param created epoch seconds */
export const createFrames = (
  kind: GenerationKind,
  id: string,
  model: string,
  created: number,
): Frames => {
  const object = kind === 'chat' ? 'chat.completion.chunk' : 'text_completion'
  const head = `{"id":${JSON.stringify(id)},"object":"${object}","created":${created},"model":${JSON.stringify(model)},"choices":[`
  return {
    frame(choice, delta, finish, usage) {
      const reason = finish === undefined ? 'null' : `"${finish}"`
      const body = kind === 'chat' ? `"delta":{${delta}}` : delta === '' ? '"text":""' : delta
      const tail = usage === undefined ? ']}' : `],"usage":${usage}}`
      return `${head}{"index":${choice},${body},"logprobs":null,"finish_reason":${reason}}${tail}`
    },
    usageFrame: (usage) => `${head}],"usage":${usage}}`,
    errorFrame: (message) =>
      JSON.stringify({ error: { message, type: 'server_error', param: null, code: 500 } }),
  }
}

export interface SseStyle {
  eol: string
  /** `data: ` or `data:` */
  field: string
  /** Fields and comments that a parser must pass over. */
  decorated: boolean
}

/** One server-sent event. */
export const sseEvent = (style: SseStyle, data: string, sequence: number): string => {
  const { eol, field } = style
  if (!style.decorated) return `${field}${data}${eol}${eol}`
  // Every kind of line that the standard has besides `data`, in turns.
  const extra = [
    `: a comment${eol}`,
    `event: message${eol}`,
    `id: ${sequence}${eol}`,
    `retry: 3000${eol}`,
    `:${eol}${eol}`,
    `${eol}${eol}`,
  ][sequence % 6]!
  return `${extra}${field}${data}${eol}${eol}`
}

export const sseComment = (style: SseStyle): string => `: ping${style.eol}${style.eol}`
