import type { Report } from '../../results/index.ts'

/** The report as JSON with a final line end; figures in full precision, as in the model. */
export function renderJson(report: Report): string {
  return JSON.stringify(report, null, 2) + '\n'
}
