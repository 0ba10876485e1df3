import type { Report, RunInfo } from '../results/index.ts'
import type { PageData } from './chart.ts'

/** The phases as charts show them: of the plan, or as far as slices tell them. */
export function phasesOf(report: Report, plan: RunInfo['plan'] | undefined): PageData['phases'] {
  if (plan !== undefined) {
    return plan.phases.map(({ name, startMs, endMs, measured }) => ({
      name,
      startS: startMs / 1000,
      endS: endMs / 1000,
      measured,
    }))
  }
  const names = [...new Set(report.slices.map((slice) => slice.phase))]
  return names.map((name) => {
    const own = report.slices.filter((slice) => slice.phase === name)
    return {
      name,
      startS: Math.min(...own.map((slice) => slice.startMs)) / 1000,
      endS: Math.max(...own.map((slice) => slice.endMs)) / 1000,
      measured: true,
    }
  })
}
