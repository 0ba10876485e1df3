import { renderJson } from '../../lib/report/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import { writeWhole } from '../output/index.ts'

/**
 * Brings the results file that k6 wrote to what the run's records prove, so that one folder holds one
 * verdict. k6's summary has no single request, only percentiles per slice: its intervals are wider, and
 * more of its limits undecided.
 *
 * @param run read from its folder
 * @throws InputError when the file cannot be read or written
 */
export async function keepCertain({ report, sources }: Run): Promise<void> {
  const [file] = sources.results
  if (file === undefined || report.certainty?.source !== 'records') return
  await writeWhole(file, renderJson(report))
}
