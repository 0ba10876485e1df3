import type { LengthSpec } from '../lib/config/index.ts'
import { parseFaults } from './fault-set.ts'
import type { FaultRule } from './fault-set.ts'
import { checkEngineConfig, defaultEngineConfig } from './engine/index.ts'
import type { EngineConfig } from './engine/index.ts'
import type { KnownAnswer } from './known-answers.ts'
import { chatTemplates, tokenizers } from './tokenizer.ts'
import type { ChatTemplate, ChatTemplateName, TokenizerName } from './tokenizer.ts'

/** How the answer is put on the wire. */
export interface WireOptions {
  /** Tokens in one SSE event. */
  tokensPerChunk: number
  /** `close`: no Content-Length and no chunks, the end of the connection ends the body. */
  framing: 'chunked' | 'close'
  crlf: boolean
  /** When status line and headers go out. */
  headers: 'arrival' | 'firstToken'
  /** When the chunk with the role goes out; `none` = the role is in the first token's chunk. */
  role: 'arrival' | 'firstToken' | 'none'
  /** The finish reason in a frame of its own (OpenAI) or in that of the last token (vLLM). */
  finish: 'own' | 'lastToken'
  /** Usage in a frame of its own without choices (OpenAI) or in the one with the finish reason. */
  usage: 'own' | 'final'
  /** A comment every so many ms while a stream is open; 0 = none. */
  pingMs: number
}

export interface SimulatorOptions {
  host: string
  /** 0 = any free one. */
  port: number
  seed: number
  /** `fixed`: no contention, `ttftMs` and `tpotMs`; `engine`: the scheduler with `engine`. */
  preset: 'fixed' | 'engine'
  ttftMs: number
  tpotMs: number
  engine: EngineConfig
  models: string[]
  /** Longest prompt and answer together, tokens. */
  maxModelLen: number
  /** Asked for as `Authorization: Bearer`. */
  apiKey: string | undefined
  /** Reject fields that OpenAI does not know (`ignore_eos`, `continuous_usage_stats`, …). */
  strict: boolean
  tokenizer: TokenizerName
  template: ChatTemplateName | ChatTemplate
  /** Length of answers that nothing else fixes, tokens. */
  outputTokens: LengthSpec
  /** Share of the output that is reasoning, 0-1. */
  reasoningShare: number
  reasoningField: 'reasoning_content' | 'reasoning'
  /** `usage.prompt_tokens_details.cached_tokens` (vLLM: --enable-prompt-tokens-details). */
  cachedTokensInUsage: boolean
  /** Length of an embedding. */
  embeddingSize: number
  /** The first request after start or `coldAfterMs` of idleness waits this long (cold model). */
  coldStartMs: number
  coldAfterMs: number
  /** A connection that is idle for this long is closed (uvicorn, so vLLM and SGLang: 5 s). */
  keepAliveMs: number
  wire: WireOptions
  faults: FaultRule[]
  /** Right answers, given to prompts that hold their question. */
  answers: KnownAnswer[]
  /** A prompt may ask for a fault of its own: `x-sim-fault: reset@3` in its text. */
  faultsInPrompts: boolean
  /** Oldest records go when there are more requests, or more tokens in all. */
  maxRecords: number
  maxRecordedTokens: number
}

type Given<T> = { [K in keyof T]?: T[K] | undefined }
export type SimulatorSettings = Given<Omit<SimulatorOptions, 'engine' | 'wire'>> & {
  engine?: Given<EngineConfig> | undefined
  wire?: Given<WireOptions> | undefined
}

export const defaultOptions: SimulatorOptions = {
  host: '127.0.0.1',
  port: 0,
  seed: 1,
  preset: 'fixed',
  ttftMs: 100,
  tpotMs: 10,
  engine: defaultEngineConfig,
  models: ['sim-model'],
  maxModelLen: 131_072,
  apiKey: undefined,
  strict: false,
  tokenizer: 'bytepair',
  template: 'chatml',
  outputTokens: { kind: 'lognormal', median: 128, sigma: 0.7, min: 1, max: 2048 },
  reasoningShare: 0,
  reasoningField: 'reasoning_content',
  cachedTokensInUsage: true,
  embeddingSize: 64,
  coldStartMs: 0,
  coldAfterMs: Infinity,
  keepAliveMs: 75_000,
  wire: {
    tokensPerChunk: 1,
    framing: 'chunked',
    crlf: false,
    headers: 'arrival',
    role: 'arrival',
    finish: 'own',
    usage: 'own',
    pingMs: 0,
  },
  faults: [],
  answers: [],
  faultsInPrompts: false,
  maxRecords: 20_000,
  maxRecordedTokens: 4_000_000,
}

function withDefaults<T extends object>(defaults: T, given: Given<T> | undefined): T {
  const result = { ...defaults }
  for (const key of Object.keys(given ?? {}) as (keyof T)[]) {
    const value = given?.[key]
    if (value !== undefined) result[key] = value as T[keyof T]
  }
  return result
}

/** Rejects probabilities and faults that make no sense. */
export function checkFaultRules(rules: readonly FaultRule[]): string[] {
  const problems: string[] = []
  for (const rule of rules) {
    if (!(rule.probability >= 0 && rule.probability <= 1))
      problems.push(`fault "${rule.fault}" has probability ${rule.probability}; 0 to 1 is accepted`)
    for (const name of ['above', 'afterMs'] as const) {
      if (rule[name] === undefined || rule[name] >= 0) continue
      problems.push(`fault "${rule.fault}" has ${name} ${rule[name]}; 0 or more is accepted`)
    }
    try {
      parseFaults(rule.fault)
    } catch (error) {
      problems.push((error as Error).message)
    }
  }
  return problems
}

/**
 * Settings over the defaults.
 *
 * @throws RangeError with all problems, each with the value and what is accepted
 */
export function completeOptions(settings: SimulatorSettings): SimulatorOptions {
  const { engine, wire, ...rest } = settings
  const options: SimulatorOptions = {
    ...withDefaults<Omit<SimulatorOptions, 'engine' | 'wire'>>(defaultOptions, rest),
    engine: withDefaults(
      { ...defaultEngineConfig, seed: settings.seed ?? defaultOptions.seed },
      engine,
    ),
    wire: withDefaults(defaultOptions.wire, wire),
  }
  const problems = [...checkEngineConfig(options.engine), ...checkFaultRules(options.faults)]
  function atLeast(name: string, value: number, least: number): void {
    if (!(value >= least)) problems.push(`${name} is ${value}; ${least} or more is accepted`)
  }
  atLeast('port', options.port, 0)
  atLeast('ttftMs', options.ttftMs, 0)
  atLeast('tpotMs', options.tpotMs, 0)
  atLeast('maxModelLen', options.maxModelLen, 2)
  atLeast('embeddingSize', options.embeddingSize, 1)
  atLeast('coldStartMs', options.coldStartMs, 0)
  atLeast('coldAfterMs', options.coldAfterMs, 0)
  atLeast('keepAliveMs', options.keepAliveMs, 1)
  atLeast('maxRecords', options.maxRecords, 1)
  atLeast('maxRecordedTokens', options.maxRecordedTokens, 1)
  atLeast('wire.tokensPerChunk', options.wire.tokensPerChunk, 1)
  atLeast('wire.pingMs', options.wire.pingMs, 0)
  if (!(options.reasoningShare >= 0 && options.reasoningShare <= 1))
    problems.push(`reasoningShare is ${options.reasoningShare}; 0 to 1 is accepted`)
  if (options.models.length === 0) problems.push('models is empty; at least one is accepted')
  if (!(options.tokenizer in tokenizers))
    problems.push(
      `tokenizer is "${options.tokenizer}"; accepted: ${Object.keys(tokenizers).join(', ')}`,
    )
  if (typeof options.template === 'string' && !(options.template in chatTemplates))
    problems.push(
      `template is "${options.template}"; accepted: ${Object.keys(chatTemplates).join(', ')}`,
    )
  if (problems.length > 0) throw new RangeError(problems.join('\n'))
  if (options.preset === 'engine') {
    // What the KV cache cannot hold could never be answered.
    const most = options.engine.kvBlocks * options.engine.blockSize
    options.maxModelLen = Math.min(options.maxModelLen, most)
  }
  return options
}
