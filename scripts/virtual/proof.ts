import { median } from 'simple-statistics'
import { compareRuns } from '../../lib/compare/index.ts'
import type { Comparison } from '../../lib/compare/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import { virtualRun } from './run.ts'
import type { VirtualRun } from './run.ts'

/** What compare finds over many pairs of virtual runs. */
export interface ProofResult {
  pairs: number
  /** Pairs in which at least one figure was called better or worse. */
  anyFinding: number
  /** Pairs in which some TPOT figure was called worse. */
  tpotWorse: number
  /** Median of the change of the median TPOT that compare says it finds in 9 of 10; NaN: never said. */
  tpotDetectable: number
  /** Findings by figure. */
  findings: Record<string, number>
}

export interface ProofOptions {
  pairs: number
  /** Both sides get the same requests, as with one SEED. */
  sameTraffic: boolean
  /** Of the second side's steps; 1 = nothing changed. */
  slower: number
  ratePerS: number
  minEffect?: number | undefined
  firstSeed?: number | undefined
  run?: Partial<VirtualRun> | undefined
  /** First sides of pairs by seed, at this rate: taken where they are there, else played and put there. */
  firsts?: Map<number, Run> | undefined
}

/** The limits that goodput is counted by: about one request in ten misses them. */
const SLO = { ttftP95Ms: 60, tpotP95Ms: 13, errorRate: 0.01 }

/** Compares pairs of one-minute virtual runs with each other and counts what is found. */
export function prove(options: ProofOptions): ProofResult {
  const { pairs, sameTraffic, slower, ratePerS } = options
  const result: ProofResult = {
    pairs,
    anyFinding: 0,
    tpotWorse: 0,
    tpotDetectable: NaN,
    findings: {},
  }
  const detectables: number[] = []
  for (let i = 0; i < pairs; i++) {
    const seed = (options.firstSeed ?? 1) + 4 * i
    const base = {
      ratePerS,
      warmupMs: 10_000,
      measuredMs: 60_000,
      slo: SLO,
      failures: 0.01,
      intervals: false,
      ...options.run,
    }
    const before =
      options.firsts?.get(seed) ??
      virtualRun({ ...base, name: 'a', trafficSeed: seed, serverSeed: seed + 1 })
    options.firsts?.set(seed, before)
    const trafficSeed = sameTraffic ? seed : seed + 2
    const after = virtualRun({ ...base, name: 'b', trafficSeed, serverSeed: seed + 3, slower })
    const [found] = compareRuns([before], [[after]], {
      seed,
      minEffect: options.minEffect,
      minShareEffect: options.minEffect,
      // Answers that end by themselves differ in length by chance.
      allow: options.run?.askedOutputTokens === undefined ? [] : ['lengths'],
    }) as [Comparison]
    if (found.verdict === 'not comparable') throw new Error(JSON.stringify(found.differences))
    if (found.method.paired !== sameTraffic) throw new Error(`pair ${i}: ${found.method.text}`)
    const hits = found.figures.filter((f) => f.verdict === 'better' || f.verdict === 'worse')
    for (const { id } of hits) result.findings[id] = (result.findings[id] ?? 0) + 1
    detectables.push(found.figures.find((f) => f.id === 'tpot_p50')?.detectable ?? Infinity)
    if (hits.length > 0) result.anyFinding++
    if (hits.some((f) => f.id.startsWith('tpot') && f.verdict === 'worse')) result.tpotWorse++
  }
  if (pairs > 0) result.tpotDetectable = median(detectables)
  return result
}
