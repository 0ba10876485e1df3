import type { LengthSpec } from '../../config/index.ts'

/** Lengths of a kind in tokens, when the user sets none. */
export interface KindLengths {
  inputTokens: LengthSpec
  outputTokens: LengthSpec
}

const lognormal = (median: number, sigma: number, min: number, max: number): LengthSpec => ({
  kind: 'lognormal',
  median,
  sigma,
  min,
  max,
})

/**
 * Round figures in the proportions of published traces and vendors' benchmark profiles (chat: median
 * input about 1,000 and output about 130 in Azure's 2023 conversation trace; code: 1,500 and 13 in its
 * code trace). Log-normal, because prompt and answer lengths of real services are skewed.
 */
export const KIND_LENGTHS = {
  chat: { inputTokens: lognormal(512, 0.7, 64, 4096), outputTokens: lognormal(192, 0.6, 16, 1024) },
  rag: { inputTokens: lognormal(3000, 0.4, 512, 8192), outputTokens: lognormal(96, 0.5, 16, 384) },
  summarize: {
    inputTokens: lognormal(2500, 0.6, 384, 8192),
    outputTokens: lognormal(160, 0.4, 32, 512),
  },
  code: { inputTokens: lognormal(1500, 0.6, 192, 6144), outputTokens: lognormal(13, 0.7, 1, 96) },
  reasoning: {
    inputTokens: lognormal(256, 0.5, 128, 2048),
    outputTokens: lognormal(2500, 0.6, 256, 12288),
  },
  tools: { inputTokens: lognormal(768, 0.5, 448, 4096), outputTokens: lognormal(48, 0.4, 16, 256) },
  structured: {
    inputTokens: lognormal(768, 0.5, 192, 4096),
    outputTokens: lognormal(128, 0.4, 64, 512),
  },
  agent: {
    inputTokens: lognormal(1200, 0.5, 512, 4096),
    outputTokens: lognormal(96, 0.6, 16, 512),
  },
  embeddings: {
    inputTokens: lognormal(256, 0.5, 16, 512),
    outputTokens: { kind: 'constant', value: 0 },
  },
  offline: {
    inputTokens: lognormal(1024, 0.6, 128, 4096),
    outputTokens: lognormal(256, 0.5, 32, 1024),
  },
} as const satisfies Record<string, KindLengths>

export type Kind = keyof typeof KIND_LENGTHS

/** A kind's lengths as defaults of the variables, as one would type them. */
export function lengthDefaults(kind: Kind): Record<'INPUT_TOKENS' | 'OUTPUT_TOKENS', string> {
  const { inputTokens, outputTokens } = KIND_LENGTHS[kind]
  // A kind without answers has no output length: then the smallest that can be typed.
  return { INPUT_TOKENS: typed(inputTokens), OUTPUT_TOKENS: typed(outputTokens) }
}

function typed(spec: LengthSpec): string {
  switch (spec.kind) {
    case 'constant':
      return String(Math.max(1, spec.value))
    case 'uniform':
      return `uniform(${spec.min},${spec.max})`
    case 'normal':
      return `normal(${spec.mean},${spec.sd},${spec.min},${spec.max})`
    case 'lognormal':
      return `lognormal(${spec.median},${spec.sigma},${spec.min},${spec.max})`
    case 'empirical':
      return spec.values.map((value, i) => `${value}:${spec.weights[i]}`).join(',')
  }
}
