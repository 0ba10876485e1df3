import path from 'node:path'
import { findCapacity, peakRate, replicasFor } from '../../lib/capacity/index.ts'
import { capacityCharts } from '../../lib/html/index.ts'
import { guarded, TERMINAL, usageErrorOf } from '../command.ts'
import type { Terminal } from '../command.ts'
import { write } from '../output/index.ts'
import { findK6, findScript } from '../k6-process/index.ts'
import { readTrace } from '../trace/index.ts'
import { k6Measure } from './k6-measure.ts'
import { HELP, readOptions } from './options.ts'
import type { CapacityOptions } from './options.ts'
import { capacityShown, progress } from './show.ts'

/** `k6-inference capacity`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded('capacity', () => capacity(argv, terminal), terminal)
}

async function capacity(argv: readonly string[], terminal: Terminal): Promise<number> {
  const options = readOptions(argv)
  if (options.help) {
    terminal.out(HELP)
    return 0
  }
  const { search, limits, losses } = options
  const peak = await peakOf(options)
  const stamp = new Date().toISOString().replace(/[:.]/g, '-')
  const script = await findScript(options.scenario)
  const k6 = await findK6()
  const measure = k6Measure({
    script,
    k6: k6.path,
    variables: options.variables,
    target: search.target,
    unit: search.unit,
    folder: options.runs ?? path.join('results', `capacity-${stamp}`),
    graceMs: 600_000,
  })
  const result = await findCapacity(measure, search, {
    point: (point, found) => terminal.note(`${progress(point, found, search.unit)}\n`),
    limited: (note) => terminal.note(`${note}\n`),
  }).catch((error: unknown) => {
    throw usageErrorOf(error)
  })
  const replicas =
    peak === undefined || result.perReplica === null
      ? undefined
      : replicasFor(peak, result.perReplica, losses)
  const shown = [capacityShown(result, replicas, limits)]
  const data = { ...result, replicas: replicas ?? null }
  const page = () => ({
    beside: [{ charts: [{ title: 'By load', charts: capacityCharts(result) }] }],
  })
  await write({ shown, data, page }, options.output, terminal)
  return 0
}

/** The peak load to size replicas for. */
async function peakOf({ peak }: CapacityOptions): Promise<number | undefined> {
  if (typeof peak !== 'object') return peak
  const { trace } = await readTrace(peak.trace, {})
  return peakRate(trace.atMs, peak.windowMs)
}
