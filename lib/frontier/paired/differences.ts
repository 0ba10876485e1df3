import type { RequestSample } from '../../runs/index.ts'
import type { Candidate } from '../frontier.ts'
import { LATENCIES } from '../latencies.ts'
import { latencyChange } from './latencies.ts'
import { pairsOf } from './pairs.ts'
import type { Pair } from './pairs.ts'
import { shareChange } from './shares.ts'
import type { Change, Difference } from './types.ts'

/** Differences of each result to the first one, over requests of the same prompt, each with its interval of 95 %. */
export function differencesOf([first, ...others]: readonly Candidate[]): Difference[] {
  if (first === undefined) return []
  return others.flatMap((other) => {
    const pairs = pairsOf(other.run, first.run)
    const named = { name: other.name, with: first.name }
    return [...ofLatencies(pairs), ...ofShares(pairs)].map((one) => {
      return { ...named, ...one }
    })
  })
}

type Unnamed = Omit<Difference, 'name' | 'with'>

function ofLatencies(pairs: readonly Pair[]): Unnamed[] {
  return LATENCIES.map(({ short, timing: field }) => {
    const timing = ({ outcome, timings }: RequestSample) =>
      outcome === 'completed' ? timings[field] : undefined
    return judged(short, 'lower', latencyChange(pairs, timing))
  })
}

function ofShares(pairs: readonly Pair[]): Unnamed[] {
  const graders = new Set(
    pairs.flatMap(({ own: { grades = [] } }) => grades.map(({ grader }) => grader)),
  )
  const change = (isSo: (request: RequestSample) => boolean | undefined) => shareChange(pairs, isSo)
  return [
    judged('errors', 'lower', change(failed)),
    judged(
      'quality',
      'higher',
      change(({ passed }) => passed),
    ),
    ...[...graders].sort().map((name) => {
      const passed = ({ grades }: RequestSample) =>
        grades?.find(({ grader }) => grader === name)?.passed
      return judged(name, 'higher', change(passed))
    }),
  ]
}

function failed({ outcome }: RequestSample): boolean | undefined {
  return outcome === 'aborted' ? undefined : outcome === 'failed'
}

function judged(figure: string, better: 'lower' | 'higher', change: Change): Unnamed {
  const { low, high } = change
  const unclear = low === null || high === null || (low <= 0 && high >= 0)
  const verdict = unclear ? 'unclear' : low > 0 === (better === 'higher') ? 'better' : 'worse'
  return { figure, ...change, verdict }
}
