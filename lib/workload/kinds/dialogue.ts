import type { LengthSpec } from '../../config/index.ts'
import type { ChatMessage } from '../../protocols/index.ts'
import { holdAnswer } from '../prompts/answer.ts'
import { uncalibrated } from '../prompts/calibration.ts'
import { drawLength, meanLength, mostLength } from '../lengths.ts'
import { type Random, randomOf } from '../random.ts'
import { syntheticPrompt, syntheticTurn } from '../prompts/synthetic.ts'
import type {
  Conversation,
  ConversationWorkload,
  Frame,
  PreviousAnswer,
  RequestContext,
  Turn,
  WorkloadConfig,
} from '../types.ts'

/** First of the random streams that belong to a session's turns. */
const SESSION = 16
/** Later turns share one tag, so that the tag has few values. */
const LAST_TAGGED = 9

export interface DialogueConfig extends WorkloadConfig {
  /** Number of turns in a session. */
  turns?: LengthSpec | undefined
  /** Pause before each turn but the first, ms. */
  think?: LengthSpec | undefined
  /** Length of each message after the first one, tokens. */
  turnTokens?: LengthSpec | undefined
}

export interface DialogueKind {
  name: string
  frame: Frame
  turns: LengthSpec
  think: LengthSpec
  turnTokens: LengthSpec
  /** True when a reply adds no text of its own, so that the length of the next prompt can be predicted. */
  plain: boolean
  /** Messages added to the history after an answer, including the next one, made of `words`. */
  reply(previous: PreviousAnswer, words: string, turn: number): ChatMessage[]
}

/**
 * Sessions whose history grows with the server's real answers. Questions, pauses and the number of turns
 * depend only on (seed, n, turn); only the answers come from outside, so that the server's prefix cache
 * meets its own output.
 */
export function dialogues(config: DialogueConfig, kind: DialogueKind): ConversationWorkload {
  return {
    name: kind.name,
    wire: 'chat',
    frames: [kind.frame],
    conversation: (n, context = {}) => session(config, kind, n, context),
    turnTags: Array.from(
      { length: Math.min(LAST_TAGGED + 1, mostLength(config.turns ?? kind.turns)) },
      (_, i) => tagOf(i + 1),
    ),
    lengthMs(e2eMs) {
      const turns = Math.max(1, meanLength(config.turns ?? kind.turns))
      return turns * e2eMs + (turns - 1) * meanLength(config.think ?? kind.think)
    },
  }
}

const tagOf = (turn: number) => (turn > LAST_TAGGED ? `${LAST_TAGGED + 1}+` : String(turn))

function session(
  config: DialogueConfig,
  kind: DialogueKind,
  n: number,
  context: RequestContext,
): Conversation {
  const { seed } = config.load
  const turns = Math.max(1, drawLength(config.turns ?? kind.turns, randomOf(seed, n, SESSION)))
  const id = `${kind.name}-${n}`
  let messages: ChatMessage[] = []
  let fixed: Partial<Turn['request']> = {}
  let turn = 0
  let over = false

  const ask = (random: Random, inputTokens: number | undefined, thinkMs: number): Turn => {
    const outputTokens = Math.max(1, drawLength(config.outputTokens, random))
    // A copy: the history must not grow in a request that is still being sent.
    const request = holdAnswer({ ...fixed, messages: [...messages] }, outputTokens, config, context)
    return {
      request,
      app: kind.name,
      inputTokens,
      outputTokens,
      session: id,
      promptId: `${id}-${turn}`,
      turn,
      turnTag: tagOf(turn),
      thinkMs,
    }
  }

  return {
    session: id,
    turns,
    next(previous) {
      // After a failed turn there is no answer to continue from: the user goes away.
      if (over || turn >= turns || (turn > 0 && !previous)) {
        over = true
        return undefined
      }
      turn++
      const random = randomOf(seed, n, SESSION + turn)
      if (!previous || turn === 1) {
        const tokens = drawLength(config.inputTokens, random)
        const first = syntheticPrompt(
          config,
          { frame: kind.frame, index: n, tokens },
          random,
          context,
        )
        const { messages: opening = [], ...rest } = first.request
        messages = [...opening]
        fixed = rest
        return ask(random, tokens, 0)
      }
      const thinkMs = drawLength(config.think ?? kind.think, random)
      const wanted = Math.max(1, drawLength(config.turnTokens ?? kind.turnTokens, random))
      const words = syntheticTurn(wanted, random, context)
      const added = kind.reply(previous, words.text, turn)
      messages = [...messages, ...added]
      return ask(random, kind.plain ? grown(previous, words.tokens, context) : undefined, thinkMs)
    },
  }
}

/** Prompt tokens of the next turn; undefined when those of the last turn were not counted. */
function grown(
  previous: PreviousAnswer,
  words: number,
  context: RequestContext,
): number | undefined {
  if (previous.inputTokens === undefined || previous.outputTokens === undefined) return undefined
  const overhead = (context.calibration ?? uncalibrated()).turnOverhead
  return Math.round(previous.inputTokens + previous.outputTokens + overhead + words)
}
