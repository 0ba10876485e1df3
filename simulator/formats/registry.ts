import { anthropic } from './anthropic.ts'
import { chat } from './chat.ts'
import { completions } from './completions.ts'
import { llamacpp } from './llamacpp.ts'
import { ollamaChat, ollamaGenerate } from './ollama.ts'
import { responses } from './responses.ts'
import { sglang } from './sglang.ts'
import { tgi } from './tgi.ts'
import { triton } from './triton.ts'
import type { WireFormat } from './types.ts'

/** Every format that generates; embeddings are a prefill and nothing else (../embeddings.ts). */
export const formats: readonly WireFormat[] = [
  chat,
  completions,
  responses,
  anthropic,
  tgi,
  triton,
  sglang,
  ollamaChat,
  ollamaGenerate,
  llamacpp,
]
