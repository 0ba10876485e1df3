import { numeric, whole, type Variable } from './fields.ts'

const price = { min: 0, max: 1_000_000 }

/** Variables that bound what a run spends. */
export const boundVariables = {
  MAX_REQUESTS: {
    ...whole({ min: 1, max: 1e12 }),
    group: 'load',
    unit: 'requests',
    meaning: 'The load ends once so many requests were sent, warm-up included.',
    example: '10000',
  },
  MAX_OUTPUT_TOKENS_TOTAL: {
    ...whole({ min: 1, max: 1e15 }),
    group: 'load',
    unit: 'tokens',
    meaning:
      'The load ends once so many output tokens were received; requests in flight still end.',
    example: '5000000',
  },
  MAX_SPEND: {
    ...numeric({ min: 0.000001, max: 1e9 }),
    group: 'load',
    meaning:
      'The load ends once its requests cost so much, at PRICE_INPUT_TOKENS and PRICE_OUTPUT_TOKENS; in their currency.',
    example: '20',
  },
  PRICE_INPUT_TOKENS: {
    ...numeric(price),
    group: 'load',
    meaning: 'Price of a million input tokens, for MAX_SPEND; cached ones cost as much.',
    example: '0.25',
  },
  PRICE_OUTPUT_TOKENS: {
    ...numeric(price),
    group: 'load',
    meaning: 'Price of a million output tokens, for MAX_SPEND.',
    example: '2',
  },
} as const satisfies Record<string, Variable>
