import type { Frame, Workload, WorkloadConfig } from '../types.ts'
import { singleKind } from './single.ts'

/** Strict as OpenAI defines it: every property is required, no others are allowed. */
const RESPONSE_FORMAT = {
  type: 'json_schema',
  json_schema: {
    name: 'text_facts',
    strict: true,
    schema: {
      type: 'object',
      properties: {
        title: { type: 'string' },
        language: { type: 'string', enum: ['en', 'other'] },
        keywords: { type: 'array', items: { type: 'string' } },
        sentiment: { type: 'number' },
      },
      required: ['title', 'language', 'keywords', 'sentiment'],
      additionalProperties: false,
    },
  },
}

export const STRUCTURED_FRAME: Frame = {
  key: 'structured',
  parts: 1,
  // Some servers put the schema into the prompt, so the frame's cost has to be measured with it.
  build: ([words]) => ({
    messages: [
      {
        role: 'user',
        content: `${words}\n\nDescribe the text above as JSON: title, language, keywords, and sentiment from -1 to 1.`,
      },
    ],
    responseFormat: RESPONSE_FORMAT,
  }),
}

/**
 * Answers that must follow a JSON schema (guided decoding). The grammar ends the answer, so its length
 * is only bounded: `ignore_eos` and `min_tokens` would ask for text after the JSON.
 */
export function structured(config: WorkloadConfig): Workload {
  return singleKind({ ...config, ignoreEos: 'off' }, 'structured', STRUCTURED_FRAME)
}
