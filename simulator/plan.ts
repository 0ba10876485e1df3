import { ApiError, badField } from './api-error.ts'
import type { FaultSet } from './fault-set.ts'
import type { Asked, FinishReason, WireFormat } from './formats/index.ts'
import { drawLength } from './lengths.ts'
import type { SimulatorOptions } from './options.ts'
import { promptIds } from './prompts.ts'
import { mix32 } from './random.ts'
import { scriptOf } from './script.ts'
import type { Script } from './script.ts'

/** One answer that is going to be generated. */
export interface PlannedChoice {
  index: number
  promptIds: readonly number[]
  /** Tokens that are generated, reasoning included. */
  outputTokens: number
  reasoningTokens: number
  /** Number of the token from which on there is no text: the model goes on past its end. */
  tailFrom: number
  finishReason: FinishReason
  /** Of the text. */
  seed: number
  /** Name of the function that is called instead of an answer in words. */
  tool: string | undefined
  /** The text is one JSON object. */
  json: boolean
  /** Text of the answer's tokens, or of a call's arguments; undefined: words by chance. */
  script: Script | undefined
}

/** What a request asks for, checked; everything that is left to chance is drawn. */
export interface Plan {
  format: WireFormat
  model: string
  stream: boolean
  includeUsage: boolean
  continuousUsage: boolean
  choices: PlannedChoice[]
  promptTokens: number
}

/**
 * @param sequence number of the request: what is drawn depends on it and the seed, but at
 * temperature 0 on the prompt instead, as a model's answer would
 * @throws ApiError 400
 */
export function planGeneration(
  format: WireFormat,
  asked: Asked,
  given: { model: string; faults: FaultSet; sequence: number },
  options: SimulatorOptions,
): Plan {
  const { faults } = given
  const choices: PlannedChoice[] = []
  let promptTokens = 0
  for (const prompt of asked.prompts) {
    const ids = promptIds(prompt, options)
    if (ids.length === 0) throw badField(asked.promptField, 'the prompt must not be empty')
    promptTokens += ids.length
    for (let i = 0; i < asked.n; i++) {
      const index = choices.length
      const chance = asked.greedy
        ? ids.reduce((h, id) => mix32(h, id), i)
        : mix32(given.sequence, index)
      const seed = mix32(options.seed, chance)
      const length = outputLength(asked, ids.length, seed, options)
      const script = scriptOf(asked, prompt, {
        faults,
        known: options.answers,
        length: length.tokens,
      })
      const { tokens, cut } = script === undefined ? length : scriptLength(asked, script, length)
      choices.push({
        index,
        promptIds: ids,
        outputTokens: tokens,
        // What an answer must say leaves no room for thoughts.
        reasoningTokens:
          format.reasons && script === undefined ? reasoningOf(tokens, faults, options) : 0,
        tailFrom: tailOf(tokens, faults),
        finishReason: cut ? 'length' : asked.tool === undefined ? 'stop' : 'tool_calls',
        seed,
        tool: asked.tool,
        json: asked.json,
        script,
      })
    }
  }
  const { stream, includeUsage, continuousUsage } = asked
  return {
    format,
    model: given.model,
    stream,
    includeUsage: includeUsage && !faults['no-usage'],
    continuousUsage: (continuousUsage || format.countsAlways) && !faults['no-usage'],
    choices,
    promptTokens,
  }
}

interface Length {
  tokens: number
  /** Whether it ends at its limit. */
  cut: boolean
  most: number
}

function outputLength(
  asked: Asked,
  promptTokens: number,
  seed: number,
  options: SimulatorOptions,
): Length {
  const left = options.maxModelLen - promptTokens
  const { maxTokens, minTokens } = asked
  if (left < 1 || (maxTokens ?? 1) > left)
    throw new ApiError(
      400,
      `This model's maximum context length is ${options.maxModelLen} tokens. However, you requested ${promptTokens + (maxTokens ?? 1)} tokens (${promptTokens} in the messages, ${maxTokens ?? 1} in the completion).`,
      { code: 'context_length_exceeded', param: 'messages' },
    )
  const most = maxTokens ?? left
  if (minTokens > most)
    throw badField(
      'min_tokens',
      `min_tokens is ${minTokens}; at most max_tokens, ${most}, is accepted`,
    )
  if (asked.ignoreEos) return { tokens: most, cut: true, most }
  const drawn = Math.max(minTokens, drawLength(options.outputTokens, seed))
  return { tokens: Math.min(most, drawn), cut: drawn >= most, most }
}

/** Length of an answer whose text is given; a call has a token for its name. */
function scriptLength(asked: Asked, script: Script, { most }: Length): Length {
  if (asked.ignoreEos) return { tokens: most, cut: true, most }
  const whole = Math.max(asked.minTokens, script.length + (asked.tool === undefined ? 0 : 1))
  return { tokens: Math.min(most, whole), cut: whole > most, most }
}

/** Faults about reasoning need some reasoning. */
function reasoningOf(tokens: number, faults: FaultSet, options: SimulatorOptions): number {
  const needed = faults['reasoning-details'] ?? faults['usage-no-reasoning']
  const share = Math.max(options.reasoningShare, needed === undefined ? 0 : 0.5)
  return Math.min(tokens, Math.round(tokens * share))
}

function tailOf(tokens: number, faults: FaultSet): number {
  const tail = faults['eos-tail'] ?? faults['eos-silent']
  if (tail === undefined) return Infinity
  return Math.max(1, Math.min(tail.at ?? Math.floor(tokens / 2), tokens - 1))
}
