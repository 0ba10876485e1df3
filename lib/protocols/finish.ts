/** Why an answer ended, as one of a few words for all wire formats. */
export const finishKinds = [
  'stop',
  'length',
  'tool_calls',
  'content_filter',
  'abort',
  'error',
  'other',
] as const

export type FinishKind = (typeof finishKinds)[number]

/** The words of OpenAI, vLLM, SGLang, TGI, Anthropic, llama.cpp, Ollama, Mistral, DeepSeek and Gemini. */
const known: Readonly<Record<string, FinishKind>> = {
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  completed: 'stop',
  word: 'stop',
  length: 'length',
  limit: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  model_length: 'length',
  model_context_window_exceeded: 'length',
  tool_calls: 'tool_calls',
  tool_use: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
  refusal: 'content_filter',
  safety: 'content_filter',
  recitation: 'content_filter',
  prohibited_content: 'content_filter',
  blocklist: 'content_filter',
  abort: 'abort',
  aborted: 'abort',
  cancel: 'abort',
  cancelled: 'abort',
  canceled: 'abort',
  insufficient_system_resource: 'abort',
  error: 'error',
  failed: 'error',
  engine_error: 'error',
  server_error: 'error',
  timeout: 'error',
}

/** @param reason as the server wrote it */
export function finishKind(reason: string | undefined): FinishKind | undefined {
  if (reason === undefined) return undefined
  const word = reason.toLowerCase()
  return Object.prototype.hasOwnProperty.call(known, word) ? known[word] : 'other'
}
