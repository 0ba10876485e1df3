import type { GenerationRequest } from '../../protocols/index.ts'
import { type Calibration, keyOfWords, uncalibrated, withinBound } from './calibration.ts'
import { corpusFor, OPENER } from './corpus.ts'
import { randomOf } from '../random.ts'
import { syntheticPrompt } from './synthetic.ts'
import type { Frame } from '../types.ts'
import { createStopwatch } from './stopwatch.ts'
import { findWords } from './word-test.ts'

/**
 * Prompt tokens of a request by the server's own count; undefined when it gave none, failed, or took
 * longer than `withinMs`. `calibrate` sets `maxTokens` to 1, since it does not need the answer.
 */
export type CountTokens = (
  request: GenerationRequest,
  withinMs: number,
) => Promise<number | undefined>

export interface CalibrateOptions {
  /** Frames of every workload of the run; equal keys are measured once. */
  frames: readonly Frame[]
  countTokens: CountTokens
  /** Where the counts come from. */
  source?: 'usage' | 'tokenize'
  /** Also measure what each further turn adds. */
  conversations?: boolean
  /** Most requests for the search of words; frames and checks come on top. */
  maxWordRequests?: number
  /** Lengths of the whole prompts that are counted at the end, tokens. */
  checkTokens?: readonly number[]
  /** When it has to be done, ms from its start; what is not known by then is estimated, and said. */
  budgetMs?: number
  /** ms on any clock. */
  now?: () => number
}

/** Words for measuring a frame: enough that rounding does not dominate the fixed cost. */
const FRAME_WORDS = 16

/**
 * Learns from the server what its tokens are, once per run, before the load: which words cost one token
 * each, what the template and fixed text of each frame cost, and, with whole prompts, whether the
 * resulting lengths are right. It takes about 10 requests plus two per frame where the word list suits
 * the tokenizer, and up to `maxWordRequests` more where it does not; each asks for one token. A slow
 * server is asked what tells most first, and nothing for which there is no time.
 *
 * @returns the calibration; with source `none` and a warning when the server counts nothing, never an error
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const result = uncalibrated()
  const frames = [...new Map(options.frames.map((f) => [f.key, f])).values()]
  const probe = frames[0]
  if (!probe) return result
  const { budgetMs = Infinity, now = () => 0, countTokens } = options
  const time = createStopwatch(budgetMs, now)
  const count = async (request: GenerationRequest) => {
    // Twice: one lost request should not cost the whole calibration.
    for (let attempt = 0; attempt < 2 && time.leftMs() > 0; attempt++) {
      result.requests++
      const tokens = await time.timed(() =>
        countTokens({ ...request, maxTokens: 1 }, time.leftMs()),
      )
      if (tokens !== undefined && Number.isFinite(tokens)) return tokens
    }
    return undefined
  }
  const base = await count(fill(probe, ''))
  if (base === undefined) {
    result.warnings.push(
      time.leftMs() > 0
        ? 'the server gave no count of prompt tokens: prompt lengths are estimates of one token a word'
        : `the server counted no prompt within ${Math.round(budgetMs)} ms, the time for a calibration: prompt lengths are estimates of one token a word`,
    )
    return result
  }
  result.source = options.source ?? 'usage'
  result.overheads[probe.key] = base

  const costOf = async (words: string) => {
    const tokens = await count(fill(probe, words))
    return tokens === undefined ? undefined : tokens - base
  }
  const found = await findWords(costOf, {
    requests: options.maxWordRequests ?? 160,
    fits: (words) => time.fits(words, SHARE_OF_WORDS),
    fitsEasily: (words) => time.fits(words, SHARE_OF_WORDS / 2),
  })
  result.badWords = found.badWords
  if (found.costs) result.costs = found.costs
  result.wordsKey = keyOfWords(found.badWords, found.costs)
  result.warnings.push(...found.warnings)

  let skipped = 0
  for (const frame of frames) {
    if (time.fits(FRAME_WORDS)) await measureFrame(result, frame, count)
    else skipped++
  }
  if (options.conversations && time.fits(2 * FRAME_WORDS)) await measureTurn(result, count)
  const checks = options.checkTokens ?? [64, 256, 1024]
  for (const wanted of checks) {
    if (time.fits(wanted)) await checkPrompt(result, probe, wanted, count)
  }
  if (skipped > 0 || (checks.length > 0 && result.checks.length === 0 && time.isShort())) {
    result.warnings.push(
      `the calibration had only ${Math.round(budgetMs)} ms on a server that needs ${time.msPerToken().toFixed(1)} ms per prompt token: lengths of prompts are not checked (CALIBRATION names a saved one)`,
    )
  }
  return result
}

/** The search for words leaves the rest to frames and checks. */
const SHARE_OF_WORDS = 0.6

type Count = (request: GenerationRequest) => Promise<number | undefined>

/** The frame around words (each with a space before it); further parts hold only the opener. */
function fill(frame: Frame, words: string): GenerationRequest {
  return frame.build(Array.from({ length: frame.parts }, (_, i) => OPENER + (i === 0 ? words : '')))
}

async function measureFrame(result: Calibration, frame: Frame, count: Count): Promise<void> {
  const corpus = corpusFor(result)
  const parts = Array.from({ length: frame.parts }, (_, i) =>
    corpus.stretch(i * FRAME_WORDS, FRAME_WORDS * corpus.tokensPerWord),
  )
  const tokens = await count(
    frame.build(parts.map((p, i) => (i === 0 ? OPENER + p.text : p.text.slice(1)))),
  )
  if (tokens === undefined) {
    result.warnings.push(`the fixed part of "${frame.key}" prompts could not be counted`)
    return
  }
  const overhead = tokens - parts.reduce((sum, p) => sum + p.tokens, 0)
  result.overheads[frame.key] = Math.max(0, overhead)
}

/** Measures what the history adds: the cost of an answer and the next question besides their words. */
async function measureTurn(result: Calibration, count: Count): Promise<void> {
  const words = corpusFor(result).stretch(0, FRAME_WORDS * corpusFor(result).tokensPerWord)
  const content = OPENER + words.text
  const one = await count({ messages: [{ role: 'user', content }] })
  const two = await count({
    messages: [
      { role: 'user', content },
      { role: 'assistant', content },
      { role: 'user', content },
    ],
  })
  if (one === undefined || two === undefined) {
    result.warnings.push('the fixed part of a further turn could not be counted')
    return
  }
  // The answer's opener stands for a word of the answer, which the server counts by itself.
  result.turnOverhead = Math.max(0, two - one - 2 * words.tokens - 1)
}

async function checkPrompt(
  result: Calibration,
  frame: Frame,
  wanted: number,
  count: Count,
): Promise<void> {
  const config = { load: { seed: 0 }, ...NO_LENGTHS }
  const random = randomOf(0, wanted, 0)
  const spec = { frame, index: wanted, tokens: wanted }
  const prompt = syntheticPrompt(config, spec, random, { calibration: result })
  // Too short for template and nonce: not a miss of the calibration.
  if (prompt.plannedTokens > wanted + 2) return
  const counted = await count(prompt.request)
  if (counted === undefined) {
    result.warnings.push(`a prompt of ${wanted} tokens could not be counted (too long for it?)`)
    return
  }
  result.checks.push({ wanted, counted })
  if (!withinBound(wanted, counted))
    result.warnings.push(
      `a prompt meant to have ${wanted} tokens has ${counted} on the server's count: prompt lengths are off`,
    )
}

const NO_LENGTHS = {
  inputTokens: { kind: 'constant', value: 1 },
  outputTokens: { kind: 'constant', value: 1 },
} as const
