import { expect, it } from 'vitest'
import { answerTokens } from '../../lib/exchange/index.ts'

const usage = (output: number | undefined, reasoning?: number) => ({
  input: 10,
  output,
  reasoning,
  cached: undefined,
})

it.each([
  ['without reasoning', { usage: usage(40), hiddenReasoning: false }, 40],
  [
    'with reasoning that is counted',
    { usage: usage(40, 30), hiddenReasoning: false, reasoned: true },
    10,
  ],
  [
    'with reasoning that is not counted',
    { usage: usage(40), hiddenReasoning: false, reasoned: true },
    undefined,
  ],
  [
    'with reasoning counted as 0',
    { usage: usage(40, 0), hiddenReasoning: false, reasoned: true },
    undefined,
  ],
  ['with hidden reasoning', { usage: usage(40), hiddenReasoning: true }, undefined],
  ['without a count', { usage: usage(undefined), hiddenReasoning: false }, undefined],
] as const)('an answer %s sends back what is known', (_, result, tokens) => {
  expect(answerTokens(result)).toBe(tokens)
})
