import type { AnyRecord } from '../../lib/records/index.ts'
import { createRunCollector, makeRun } from '../../lib/runs/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import type { Report } from '../../lib/results/index.ts'

/** A run as it is read back of its records (and results, where there are any). */
export function runOfRecords(name: string, records: Iterable<AnyRecord>, results?: Report): Run {
  const collector = createRunCollector({ requests: true, detail: true, figures: true })
  const sink = collector.file(name)
  for (const record of records) {
    if (record.record === 'run') sink.onRun?.(record, 0)
    else if (record.record === 'request') sink.onRequest(record, 0)
    else if (record.record === 'server') sink.onServer?.(record, 0)
    else sink.onEnd?.(record, 0)
  }
  const found = collector.collected()
  if (!found.ok) throw new Error(found.problems.join('\n'))
  const sources = { results: [], records: [name], pods: found.collected.pods.length, notes: [] }
  return makeRun(name, { results, collected: found.collected }, sources)
}
