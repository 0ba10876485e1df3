import { addTokens, judgePrompt, readReply, unused } from '../../lib/judge/index.ts'
import type {
  Budget,
  JudgedItem,
  JudgeSettings,
  Judgement,
  JudgeTokens,
} from '../../lib/judge/index.ts'
import { cleanText } from '../../lib/safe-text/index.ts'
import type { Pace } from './pace.ts'
import type { JudgeServer, Said } from './server.ts'

export interface Judging {
  server: JudgeServer
  settings: JudgeSettings
  budget: Budget
  pace: Pace
}

/** Replies that are asked for until one is in the format. */
const MOST_REPLIES = 2
/** Times that a busy server is asked again for one answer, and the waits where it names none. */
const MOST_BUSY = 4
const BUSY_MS = 2000
const LONGEST_BUSY_MS = 60_000

const LONGEST_REASON = 400

export interface Judged {
  judgement: Judgement
  /** Whether no other answer would fare better. */
  hopeless: boolean
}

/**
 * Judges one answer once: one request, and one more where the reply is not in the format.
 * @returns undefined where a budget or a signal came before anything was sent
 */
export async function judgeOne(
  { id, labels, ...texts }: JudgedItem,
  nth: number,
  { server, settings, budget, pace }: Judging,
): Promise<Judged | undefined> {
  const used = unused()
  const end = (
    outcome: Judgement['outcome'],
    more: Partial<Judgement> = {},
    hopeless = false,
  ): Judged => ({
    judgement: { record: 'judged', id, nth, outcome, ...more, ...used, labels },
    hopeless,
  })
  let busy = 0
  for (;;) {
    const prompt = judgePrompt(texts, settings, used.badReplies > 0)
    const most = server.most(prompt)
    if (!(await pace.turn()) || !(await mayAsk(budget, most))) {
      return used.requests === 0 ? undefined : end('unfinished')
    }
    const said = await server.ask(prompt)
    budget.settle(most, said.uncounted ? most : said.tokens)
    used.requests++
    used.tokens = addTokens(used.tokens, said.tokens)
    if (said.uncounted) {
      used.uncounted++
      used.most = addTokens(used.most, most)
    }
    if (said.kind === 'busy' && ++busy <= MOST_BUSY) {
      pace.pause(Math.min(said.retryAfterMs ?? BUSY_MS * 2 ** (busy - 1), LONGEST_BUSY_MS))
      continue
    }
    if (said.kind !== 'reply') {
      const outcome = said.kind === 'timeout' ? 'timeout' : 'error'
      return end(outcome, failureOf(said), said.hopeless)
    }
    const reply = readReply(said.text, said.finish, settings.scale)
    if (reply.ok) {
      const reason = cleanText(server.redact(reply.reason), LONGEST_REASON)
      return end('scored', { rating: reply.rating, reason })
    }
    used.badReplies++
    if (used.badReplies >= MOST_REPLIES) return end('bad_format', { problem: reply.problem })
  }
}

async function mayAsk(budget: Budget, most: JudgeTokens): Promise<boolean> {
  for (;;) {
    const may = budget.take(most)
    if (may !== 'wait') return may === 'yes'
    await budget.change()
  }
}

function failureOf({ problem, message }: Said): Partial<Judgement> {
  return message === undefined ? { problem } : { problem, message }
}
