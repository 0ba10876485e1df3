import type { GenerationRequest } from '../../protocols/index.ts'
import { uncalibrated, type Calibration } from './calibration.ts'
import { type Corpus, corpusFor, OPENER, type Piece } from './corpus.ts'
import { below, hashText, mix32, type Random } from '../random.ts'
import type { Frame, RequestContext, WorkloadConfig } from '../types.ts'

const UNKNOWN = uncalibrated()

/** Prefixes of the pool are told apart by nonces of their own. */
const POOL_STREAM = 0x5eed

export interface SyntheticPrompt {
  request: GenerationRequest
  /** Expected tokens by the calibration; more than wanted where the wanted length is too short. */
  plannedTokens: number
}

export interface SyntheticSpec {
  frame: Frame
  /** Index of the text: equal indices give equal prompts. */
  index: number
  /** Wanted tokens of the whole prompt, by the server's count. */
  tokens: number
}

/**
 * Makes a prompt of a wanted length without a tokenizer.
 *
 * The cost of its fixed parts is known from the calibration, so the budget for words is the wanted length
 * minus that. It begins with a nonce (five or six words) with which no other prompt of the run begins, so
 * no block in the server's prefix cache matches; with a shared prefix, the nonce follows the prefix.
 *
 * @param config cache mode, shared share and pool, seed
 * @param random uniform numbers that belong to the request
 */
export function syntheticPrompt(
  config: WorkloadConfig,
  spec: SyntheticSpec,
  random: Random,
  context: RequestContext,
): SyntheticPrompt {
  const calibration = context.calibration ?? UNKNOWN
  const corpus = corpusFor(calibration)
  const overhead = overheadOf(spec.frame, calibration)
  const budget = Math.max(0, spec.tokens - overhead)
  const prefix = sharedPrefix(config, corpus, budget, random, context)
  const nonce = nonceOf(config.load.seed, spec.index, corpus, context, budget - prefix.tokens)
  const head = prefix.tokens + nonce.tokens
  const parts: string[] = []
  let spent = head
  for (let i = 0; i < spec.frame.parts; i++) {
    // The remaining budget is divided evenly among the remaining parts, rounded up for the first ones.
    const left = spec.frame.parts - i
    const share = Math.max(0, budget - spent) / left
    const owed = i === 0 ? Math.max(0, budget / left - head) : share
    // Every part but the first needs at least one word.
    const tokens = i === 0 ? owed : Math.max(corpus.tokensPerWord, owed)
    const piece = corpus.stretch(below(random, corpus.length), tokens)
    spent += piece.tokens
    parts.push(i === 0 ? OPENER + prefix.text + nonce.text + piece.text : piece.text.slice(1))
  }
  return { request: spec.frame.build(parts), plannedTokens: overhead + spent }
}

/**
 * Smallest number of tokens for a frame's prompts: template, fixed text and the words that make them
 * unique. Shorter prompts come out this long, and the user should be told.
 * @returns tokens
 */
export function shortestPrompt(frame: Frame, context: RequestContext = {}): number {
  const calibration = context.calibration ?? UNKNOWN
  const corpus = corpusFor(calibration)
  const words = corpus.nonceWords + frame.parts - 1
  return Math.ceil(overheadOf(frame, calibration) + words * corpus.tokensPerWord)
}

/**
 * Words for a message inside a conversation; without a nonce, since the text before it is unique.
 * @returns text that begins with the opener, of `tokens` tokens besides the turn's overhead
 */
export function syntheticTurn(
  tokens: number,
  random: Random,
  context: RequestContext,
): { text: string; tokens: number } {
  const corpus = corpusFor(context.calibration ?? UNKNOWN)
  const piece = corpus.stretch(below(random, corpus.length), tokens)
  return { text: OPENER + piece.text, tokens: piece.tokens }
}

/** Words with which no other prompt of the run begins; for prompts of data sets. */
export function nonceText(seed: number, index: number, context: RequestContext): string {
  const corpus = corpusFor(context.calibration ?? UNKNOWN)
  return OPENER + nonceOf(seed, index, corpus, context, Infinity).text
}

/**
 * The first words spell the index, scrambled by a bijection of 32 bits that depends on seed and salt:
 * never equal within a run, and neighbours differ from the first word on. Two more words tell runs apart
 * where there is room. The index is spelt in full even when the budget is smaller: a prompt that is some
 * words too long is better than one that the cache knows.
 */
function nonceOf(
  seed: number,
  index: number,
  corpus: Corpus,
  context: RequestContext,
  room: number,
): { text: string; tokens: number } {
  const run = hashOfRun(seed, context)
  const own = corpus.spell(mix32((index ^ run) >>> 0))
  if (own.tokens + 3 * corpus.tokensPerWord > room) return own
  const words = wordsOfRun(run, corpus)
  return { text: own.text + words.text, tokens: own.tokens + words.tokens }
}

let spelt: { run: number; corpus: Corpus; words: Piece } | undefined

/** The same for all requests of a run. */
function wordsOfRun(run: number, corpus: Corpus): Piece {
  if (spelt?.run !== run || spelt.corpus !== corpus) {
    spelt = { run, corpus, words: corpus.spell(run, 2) }
  }
  return spelt.words
}

function sharedPrefix(
  config: WorkloadConfig,
  corpus: Corpus,
  budget: number,
  random: Random,
  context: RequestContext,
): { text: string; tokens: number } {
  const mode = config.cache ?? 'cold'
  if (mode === 'cold') return { text: '', tokens: 0 }
  const mean = Math.min(1, Math.max(0, config.prefixShare ?? 0.5))
  const pool = Math.max(1, Math.floor(config.prefixPool ?? 1))
  const spread = Math.min(mean, 1 - mean)
  const share = mode === 'natural' ? mean + spread * (2 * random() - 1) : mean
  // Natural: the k-th prefix is about 1/k as frequent as the first (Zipf's law).
  const which =
    mode === 'natural'
      ? Math.floor(Math.exp(random() * Math.log(pool + 1))) - 1
      : below(random, pool)
  const kept = corpus.nonceWords * corpus.tokensPerWord
  const wanted = Math.min(budget * share, budget - kept)
  if (wanted < corpus.tokensPerWord) return { text: '', tokens: 0 }
  const run = hashOfRun(config.load.seed, context)
  const id = mix32((which ^ run ^ mix32(POOL_STREAM)) >>> 0)
  const name = corpus.spell(id, Math.floor(wanted / corpus.tokensPerWord))
  const rest = corpus.stretch(id % corpus.length, wanted - name.tokens)
  return { text: name.text + rest.text, tokens: name.tokens + rest.tokens }
}

let hashed: { text: string; hash: number } | undefined

/** The same for all requests of a run. */
function hashOfRun(seed: number, context: RequestContext): number {
  const text = `${seed}/${context.salt ?? ''}`
  if (hashed?.text !== text) hashed = { text, hash: hashText(text) }
  return hashed.hash
}

const guesses = new Map<string, number>()

/** A frame's fixed tokens; where not measured, its characters / 4.5 and 8 for the template. */
export function overheadOf(frame: Frame, calibration: Calibration): number {
  const measured = calibration.overheads[frame.key]
  if (measured !== undefined) return measured
  let guess = guesses.get(frame.key)
  if (guess === undefined) {
    const empty = Array.from({ length: frame.parts }, (_, i) => (i === 0 ? OPENER : ''))
    guess = 8 + Math.round(textOf(frame.build(empty)).length / 4.5)
    guesses.set(frame.key, guess)
  }
  return guess
}

/** All text of a request that a server counts as prompt. */
export function textOf(request: GenerationRequest): string {
  const texts = [request.prompt, request.input].flat().filter((t) => t !== undefined)
  for (const message of request.messages ?? []) texts.push(message.content)
  if (request.tools) texts.push(JSON.stringify(request.tools))
  return texts.join('\n')
}
