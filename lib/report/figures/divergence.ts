import { shareDifference, wilsonEstimate } from '../../statistics/index.ts'
import type { Estimate } from '../../statistics/index.ts'
import type { IdleRun } from '../../metrics/index.ts'
import type { DivergencePart, DivergenceReport, RunInfo } from '../../results/index.ts'
import { CONFIDENCE } from './certainty.ts'
import { countOf, statsOf } from '../summary.ts'
import type { Summary } from '../summary.ts'

const MEASURED = { measured: 'true' }

/** How many answers were compared, and how many of them differ. */
type Compared = Pick<DivergencePart, 'compared' | 'differed'>

type Part = Pick<DivergencePart, 'by' | 'name' | 'measured'> & {
  tags: Record<string, string>
  /** Of phases, the lowest and the highest load that is asked in it. */
  load?: { least: number; most: number } | undefined
}

/** How answers under load differ from those before it; null where none were to be compared. */
export function divergenceReport(summary: Summary, run: RunInfo): DivergenceReport | null {
  const { idle, confidence = CONFIDENCE } = run
  if (idle === undefined) return null
  const { prompts, unanswered, unstable, repeated, differed } = idle
  const counted = partsOf(run)
    .map((part) => ({ ...part, ...comparedIn(summary, part) }))
    .filter(({ compared }) => compared > 0)
  // One wrong finding among all phases is as seldom as one of a single phase.
  const phases = counted.filter(({ by, measured }) => by === 'phase' && measured).length
  const ofAll = 1 - (1 - confidence) / Math.max(1, phases)
  return {
    idle: {
      prompts,
      unanswered,
      unstable,
      repeated,
      differed,
      ...bounds(wilsonEstimate(differed, repeated, confidence)),
    },
    parts: counted.map(({ tags, load, ...part }): DivergencePart => {
      const less = withLessLoad({ by: part.by, load }, counted, idle)
      const excess = bounds(excessOver(less, part, confidence))
      const sure = excessOver(less, part, ofAll).low
      const words = statsOf(summary, 'trend', 'llm_diverged_at', tags)
      return {
        ...part,
        ...bounds(wilsonEstimate(part.differed, part.compared, confidence)),
        excess: excess.share,
        excessLow: excess.low,
        excessHigh: excess.high,
        certain: part.by === 'phase' && part.measured && sure !== undefined && sure > 0,
        word: words.kind === 'trend' ? words.p50 : null,
      }
    }),
    confidence,
  }
}

/** How much more of the answers differ than of others. */
export function excessOver(others: Compared, own: Compared, confidence: number): Estimate {
  const counted = ({ compared, differed }: Compared) => ({ hits: differed, samples: compared })
  return shareDifference(counted(own), counted(others), confidence)
}

/** The further answers of the idle server, as far as they were asked for. */
export function idleAgain({ repeated, differed }: IdleRun): Compared {
  return { compared: repeated, differed }
}

/** What differs with less load: of the idle server, and of measured phases that ask for less. */
function withLessLoad(
  { by, load }: Pick<Part, 'by' | 'load'>,
  all: readonly (Part & Compared)[],
  idle: IdleRun,
): Compared {
  const lower = all.filter((other) => {
    if (by !== 'phase' || !other.measured || load === undefined) return false
    return other.load !== undefined && other.load.most < load.least
  })
  return [idleAgain(idle), ...lower].reduce((sums, one) => ({
    compared: sums.compared + one.compared,
    differed: sums.differed + one.differed,
  }))
}

function comparedIn(summary: Summary, { tags }: Part): Compared {
  return {
    compared: countOf(summary, 'llm_compared', tags) ?? 0,
    differed: countOf(summary, 'llm_diverged', tags) ?? 0,
  }
}

function bounds({ value, low, high }: Estimate) {
  return { share: value ?? null, low: low ?? null, high: high ?? null }
}

function partsOf({ plan, endpoints = [] }: RunInfo): Part[] {
  const phases = [...new Map(plan.phases.map((phase) => [phase.name, phase])).values()]
  return [
    { by: 'measured', name: 'measured', measured: true, tags: MEASURED },
    ...phases.map(({ name, measured, from, to }): Part => {
      const load = { least: Math.min(from, to), most: Math.max(from, to) }
      return { by: 'phase', name, measured, tags: { phase: name }, load }
    }),
    ...(endpoints.length > 1 ? endpoints : []).map(({ name }): Part => {
      return { by: 'endpoint', name, measured: true, tags: { ...MEASURED, endpoint: name } }
    }),
  ]
}
