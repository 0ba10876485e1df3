/** Every wire format by the name that the client's variable API takes. */
export type FormatName =
  | 'chat'
  | 'completions'
  | 'responses'
  | 'embeddings'
  | 'anthropic'
  | 'tgi'
  | 'triton'
  | 'sglang'
  | 'ollama-chat'
  | 'ollama-generate'
  | 'llamacpp'
