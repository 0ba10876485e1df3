import type { Report } from '../../../lib/results/index.ts'
import { playDivergence } from './play.ts'
import type { DivergenceRun } from './play.ts'

/** What many sweeps on one kind of server show. */
export interface DivergenceProof {
  runs: number
  /** Runs with a warning that answers differ, and those that call it proved that load does it. */
  warned: number
  proved: number
  /** Runs in which the steps that are named are all those above the number in flight, and no other. */
  rightSteps: number
}

/** Plays sweeps of different seeds, and counts what their reports say. */
export function proveDivergence(
  run: Omit<DivergenceRun, 'seed'>,
  runs: number,
  firstSeed = 1,
): DivergenceProof {
  const proof = { runs, warned: 0, proved: 0, rightSteps: 0 }
  const above = run.steps.filter((users) => users > run.corruption.above).map((c) => `c${c}`)
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const report = playDivergence({ ...run, seed })
    const types = report.warnings.map(({ type }) => type)
    if (types.includes('load_changes_answers')) proof.proved++
    if (types.includes('load_changes_answers') || types.includes('answers_differ')) proof.warned++
    if (stepsThatDiffer(report).join() === above.join()) proof.rightSteps++
  }
  return proof
}

function stepsThatDiffer({ divergence }: Report): string[] {
  const steps = divergence?.parts.filter(({ by, differed }) => by === 'phase' && differed > 0)
  return steps?.map(({ name }) => name) ?? []
}
