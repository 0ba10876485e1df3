/** What was asked before the load, so that answers under load could be compared; sums over endpoints and pods. */
export interface IdleRun {
  /** Prompts that were asked, each several times, one answer at a time. */
  readonly prompts: number
  /** Of these, without a first and a second answer. */
  readonly unanswered: number
  /** Of these, whose second answer differed from the first: not asked under load. */
  readonly unstable: number
  /** Further answers to the others, and how many of them differed from the first. */
  readonly repeated: number
  readonly differed: number
  /** What all of this took; it is in no figure of the load. */
  readonly requests: number
  readonly outputTokens: number
  readonly spend: number
}

const NOTHING: IdleRun = {
  prompts: 0,
  unanswered: 0,
  unstable: 0,
  repeated: 0,
  differed: 0,
  requests: 0,
  outputTokens: 0,
  spend: 0,
}

/** Its fields, each a number. */
export const IDLE_FIELDS = Object.keys(NOTHING) as (keyof IdleRun)[]

/** What several endpoints or pods were asked, together; each is compared with its own answers. */
export function idleSum(all: readonly Partial<IdleRun>[]): IdleRun {
  const sums = { ...NOTHING } as Record<keyof IdleRun, number>
  for (const one of all) for (const field of IDLE_FIELDS) sums[field] += one[field] ?? 0
  return sums
}
