import type { RequestRecord, RunRecord } from '../../records/index.ts'
import { intervalsOf } from '../../report/index.ts'
import type { Intervals } from '../../report/index.ts'
import { quantileEstimates, shareEstimate } from '../../statistics/index.ts'
import { isQueued, outcomeKind } from '../../metrics/index.ts'
import type { Timings } from '../../exchange/index.ts'
import { endpointsOf, groupsOf, labelsOf } from '../labels.ts'
import type { MeasuredWindow } from '../types.ts'
import { observed } from './estimates.ts'
import { createSeries } from './series.ts'
import type { Series } from './series.ts'

/** Latencies and percentiles that tables of groups show. */
const LATENCIES = [
  ['llm_ttft', 'ttftMs'],
  ['llm_tpot', 'tpotMs'],
  ['llm_e2e', 'e2eMs'],
] as const
const PERCENTILES = [
  ['p50', 0.5],
  ['p95', 0.95],
] as const

interface Group {
  readonly latencies: ReadonlyMap<string, Series>
  readonly failed: Series
}

/** Collects what the intervals of groups are made of: applications, turns, endpoints. */
export interface GroupCollector {
  /**
   * @param timings of the record; of a request that did not complete they do not count
   * @param phase number of its phase
   */
  add(record: RequestRecord, timings: Timings, phase: number, atMs: number): void
  /** @param isOverloaded latencies with a wait in them then have no bounds */
  intervals(
    window: MeasuredWindow,
    confidence: number,
    isOverloaded: boolean,
  ): NonNullable<Intervals['groups']>
}

/** @param run says which groups there are */
export function createGroups(run: RunRecord['run']): GroupCollector {
  const endpoint = endpointsOf(run).length > 0 ? ['endpoint'] : []
  const tags = [...groupsOf(run).map(({ tag }) => tag), ...endpoint]
  const groups = new Map<string, Map<string, Group>>(tags.map((tag) => [tag, new Map()]))

  return { add, intervals }

  function add(record: RequestRecord, timings: Timings, phase: number, atMs: number): void {
    const outcome = outcomeKind(record.outcome)
    if (tags.length === 0 || outcome === 'aborted') return
    const labels = labelsOf(record)
    for (const tag of tags) {
      const name = labels[tag]
      if (name === undefined) continue
      const { latencies, failed } = groupOf(groups.get(tag) as Map<string, Group>, name)
      failed.add(outcome === 'failed' ? 1 : 0, phase, atMs)
      if (outcome !== 'completed') continue
      for (const [metric, timing] of LATENCIES) {
        const value = timings[timing]
        if (value !== undefined) (latencies.get(metric) as Series).add(value, phase, atMs)
      }
    }
  }

  function intervals(window: MeasuredWindow, confidence: number, isOverloaded: boolean) {
    const of = ({ latencies, failed }: Group) => {
      const timed = (series: Series) => observed(series, window, undefined)
      const quantiles = [...latencies].flatMap(([metric, series]) => {
        const shares = PERCENTILES.map(([, share]) => share)
        const queued = isQueued(metric)
        const found = quantileEstimates({ ...timed(series), queued }, shares, confidence)
        const none = isOverloaded && queued ? { low: undefined, high: undefined } : {}
        return PERCENTILES.map(
          ([stat], i) => [`${metric}.${stat}`, { ...found[i]!, ...none }] as const,
        )
      })
      const errorRate = shareEstimate(timed(failed), confidence)
      return intervalsOf({ ...Object.fromEntries(quantiles), errorRate })
    }
    return Object.fromEntries(
      [...groups].map(([tag, all]) => [
        tag,
        Object.fromEntries([...all].map(([name, group]) => [name, of(group)])),
      ]),
    )
  }
}

function groupOf(groups: Map<string, Group>, name: string): Group {
  const known = groups.get(name)
  if (known !== undefined) return known
  const latencies = new Map(
    LATENCIES.map(([metric]) => [metric as string, createSeries()] as const),
  )
  const made = { latencies, failed: createSeries() }
  groups.set(name, made)
  return made
}
