import { firstDifference } from './fingerprint.ts'

/** A prompt that a server answers alike when nothing else is asked of it. */
export interface IdlePrompt {
  /** Number of the workload's request. */
  readonly n: number
  /** Fingerprint of its answer. */
  readonly answer: string
}

/** How alike a server's answers were before the load. */
export interface IdleFacts {
  /** Prompts that were asked, each several times, one answer at a time. */
  readonly prompts: number
  /** Of these, without a first and a second answer. */
  readonly unanswered: number
  /** Of these, whose second answer differed from the first: they are not asked under load. */
  readonly unstable: number
  /** Further answers to the others. */
  readonly repeated: number
  /** Of these further answers, those that differed from the first. */
  readonly differed: number
}

/**
 * Which prompts can show what load does to answers, and how far. The first two answers to a prompt choose; the
 * further ones were not looked at for that, so how many of them differ is what chance alone does to the chosen ones.
 * @param answers by prompt, their fingerprints in the order in which they were asked for; undefined: none came
 */
export function judgeIdle(answers: readonly (readonly (string | undefined)[])[]): {
  prompts: IdlePrompt[]
  facts: IdleFacts
} {
  const prompts: IdlePrompt[] = []
  let [unanswered, unstable, repeated, differed] = [0, 0, 0, 0]
  for (const [n, [first, second, ...further]] of answers.entries()) {
    if (first === undefined || second === undefined) unanswered++
    else if (firstDifference(first, second) !== undefined) unstable++
    else {
      prompts.push({ n, answer: first })
      for (const one of further) {
        if (one === undefined) continue
        repeated++
        if (firstDifference(first, one) !== undefined) differed++
      }
    }
  }
  return { prompts, facts: { prompts: answers.length, unanswered, unstable, repeated, differed } }
}
