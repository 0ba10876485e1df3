import { fingerprintOf, judgeIdle } from '../../../lib/quality/index.ts'
import { randomSource } from '../../../lib/random/index.ts'

/** What a server does to answers. */
export interface Corruption {
  /** Share of answers that differ when more than `above` are in flight; 0 for a clean server. */
  readonly share: number
  readonly above: number
  /** Share of answers that differ whatever the load. */
  readonly chance?: number
}

/** A server that gives one answer to a prompt, unless it spoils it: then one word is another. */
export interface AnsweringServer {
  /** Fingerprint of its answer to prompt n. */
  answer(n: number, inFlight: number): string
}

const WORDS = 80

export function answeringServer(corruption: Corruption, seed: number): AnsweringServer {
  const random = randomSource(seed, 'corruption')
  const { share, above, chance = 0 } = corruption
  const right = new Map<number, string>()
  return {
    answer(n, inFlight) {
      const spoilt = random() < (inFlight > above ? share : 0) || random() < chance
      if (spoilt) return printOf(n, Math.floor(random() * WORDS), `other${random()}`)
      const known = right.get(n) ?? printOf(n)
      right.set(n, known)
      return known
    },
  }
}

/** Fingerprint of the answer to prompt n, with another word at a place. */
function printOf(n: number, place?: number, other = ''): string {
  const words = Array.from({ length: WORDS }, (_, i) =>
    i === place ? other : `word${(n * 31 + i * 7) % 97}`,
  )
  return fingerprintOf({ text: words.join(' '), toolCalls: [] })
}

/** Asks one answer at a time, as setup() does. */
export function idleAnswers(server: AnsweringServer, prompts: number, times: number) {
  const rounds = Array.from({ length: times }, () =>
    Array.from({ length: prompts }, (_, n) => server.answer(n, 1)),
  )
  return judgeIdle(Array.from({ length: prompts }, (_, n) => rounds.map((round) => round[n])))
}
