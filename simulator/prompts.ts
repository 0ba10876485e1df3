import type { Prompt } from './formats/index.ts'
import { chatTemplates, renderChat, tokenizers } from './tokenizer.ts'
import type { SimulatorOptions } from './options.ts'

/** Token ids of a prompt; of a conversation, template and tool definitions included. */
export function promptIds(prompt: Prompt, options: SimulatorOptions): readonly number[] {
  const tokenize = tokenizers[options.tokenizer]
  if ('plain' in prompt)
    return typeof prompt.plain === 'string' ? tokenize(prompt.plain) : prompt.plain
  const template =
    typeof options.template === 'string' ? chatTemplates[options.template] : options.template
  const ids = renderChat(prompt.messages, template, tokenize)
  return prompt.tools.length > 0 ? [...tokenize(JSON.stringify(prompt.tools)), ...ids] : ids
}
