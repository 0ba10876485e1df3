import type { RequestSample } from '../runs/index.ts'
import { pairedDifference } from '../statistics/index.ts'
import type { PairCounts } from '../statistics/index.ts'
import { NONE, count, fromTo, percent } from '../tables/index.ts'
import type { Shown } from '../tables/index.ts'
import type { Candidate } from './frontier.ts'

/** How much more often something happens to one result's requests than to another's, over the same prompts. */
export interface Difference {
  /** `errors`, `quality` (every grader passed), or the name of a grader. */
  figure: string
  /** The result that is compared, and the one that it is compared with. */
  name: string
  with: string
  /** Prompts that both were judged by. */
  pairs: number
  /** Shares over these pairs, and share - share of the other with its interval (Newcombe, paired); null without pairs. */
  share: number | null
  shareOfOther: number | null
  difference: number | null
  low: number | null
  high: number | null
  /** `unclear`: the interval reaches over 0. */
  verdict: 'better' | 'worse' | 'unclear'
}

/** Whether something is so of a request; undefined where it does not tell. */
type Judge = (request: RequestSample) => boolean | undefined

/**
 * Differences of each result to the first one, over requests of the same prompt: the n-th of each run, as runs of one
 * SEED and RUN_ID send the same.
 * @param confidence 0-1, of each interval
 */
export function differencesOf(
  [first, ...others]: readonly Candidate[],
  confidence = 0.95,
): Difference[] {
  if (first === undefined) return []
  const prompts = byPrompt(first)
  return others.flatMap((other) =>
    figuresOf(other).map(({ figure, judge, better }) => {
      const counts = pairsOf(prompts, byPrompt(other), judge)
      const { both, onlyOne, onlyOther, neither } = counts
      const pairs = both + onlyOne + onlyOther + neither
      const { value, low, high } = pairedDifference(counts, confidence)
      const share = (hits: number) => (pairs === 0 ? null : hits / pairs)
      return {
        figure,
        name: other.name,
        with: first.name,
        pairs,
        share: share(both + onlyOne),
        shareOfOther: share(both + onlyOther),
        difference: value ?? null,
        low: low ?? null,
        high: high ?? null,
        verdict: verdictOf(low, high, better),
      }
    }),
  )
}

function figuresOf({ run }: Candidate) {
  const graders = new Set<string>()
  for (const { grades = [] } of run.requests ?? [])
    for (const { grader } of grades) graders.add(grader)
  const passedBy =
    (name: string): Judge =>
    ({ grades }) =>
      grades?.find(({ grader }) => grader === name)?.passed
  const failed: Judge = ({ outcome }) => (outcome === 'aborted' ? undefined : outcome === 'failed')
  return [
    { figure: 'errors', judge: failed, better: 'lower' as const },
    { figure: 'quality', judge: (({ passed }) => passed) as Judge, better: 'higher' as const },
    ...[...graders].sort().map((name) => {
      return { figure: name, judge: passedBy(name), better: 'higher' as const }
    }),
  ]
}

/** Measured requests by their number in the run, which names the same prompt in each. */
function byPrompt({ run }: Candidate): ReadonlyMap<string, RequestSample> {
  const measured = (run.requests ?? []).filter((request) => request.measured)
  return new Map(measured.map((request) => [request.id, request]))
}

function pairsOf(
  of: ReadonlyMap<string, RequestSample>,
  own: ReadonlyMap<string, RequestSample>,
  judge: Judge,
): PairCounts {
  const counts = { both: 0, onlyOne: 0, onlyOther: 0, neither: 0 }
  for (const [id, request] of own) {
    const partner = of.get(id)
    if (partner === undefined || partner.promptId !== request.promptId) continue
    const [mine, theirs] = [judge(request), judge(partner)]
    if (mine === undefined || theirs === undefined) continue
    counts[mine ? (theirs ? 'both' : 'onlyOne') : theirs ? 'onlyOther' : 'neither']++
  }
  return counts
}

function verdictOf(
  low: number | undefined,
  high: number | undefined,
  better: 'lower' | 'higher',
): Difference['verdict'] {
  if (low === undefined || high === undefined || (low <= 0 && high >= 0)) return 'unclear'
  return low > 0 === (better === 'higher') ? 'better' : 'worse'
}

/** The differences as a table. */
export function differencesShown(differences: readonly Difference[]): Shown {
  const points = (share: number) => percent(share).replace('%', 'pp')
  return {
    title: `Differences to ${differences[0]?.with ?? NONE}, over the same prompts`,
    status: 'none',
    facts: [],
    heading: ['', '', 'prompts', 'share', 'the other', 'difference', '95 % interval', 'verdict'],
    align: 'llrrrrrl',
    rows: differences.map((one) => [
      one.name,
      one.figure,
      count(one.pairs),
      percent(one.share),
      percent(one.shareOfOther),
      one.difference === null ? NONE : points(one.difference),
      fromTo(one, points),
      one.pairs === 0 ? 'no pairs' : one.verdict,
    ]),
    tones: differences.map(({ verdict }) =>
      verdict === 'better' ? 'good' : verdict === 'worse' ? 'bad' : '',
    ),
    notes: [
      'Pairs are requests of one prompt, so what is hard for both does not count. Each interval is its own, by Newcombe’s method for paired data; "unclear" means that it reaches over 0.',
    ],
  }
}
