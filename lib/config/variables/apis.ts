/** Wire formats by the name that `API` takes; a test compares them with those of lib/protocols. */
export const API_NAMES = [
  'chat',
  'completions',
  'responses',
  'embeddings',
  'anthropic',
  'tgi',
  'triton',
  'sglang',
  'ollama-chat',
  'ollama-generate',
  'llamacpp',
] as const
