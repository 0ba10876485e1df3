import { isBeside, peakVUs, type Requirements } from './inspect.ts'

/**
 * Checks whether a script has enough VUs for so many pods. The operator refuses more pods than VUs in
 * total. A scenario with fewer VUs than pods is worse: k6 leaves some pods without any, and their part
 * of the load is never sent.
 */
export function vuProblems(requirements: Requirements, parallelism: number): string[] {
  const { maxVUs, scenarios } = requirements
  if (maxVUs < parallelism) {
    return [
      `--parallelism ${parallelism}: the script has at most ${maxVUs} VUs, and the operator refuses more pods than VUs`,
    ]
  }
  return Object.entries(scenarios).flatMap(([name, scenario]) => {
    const vus = peakVUs(scenario)
    if (isBeside(name) || vus === undefined || vus >= parallelism) return []
    return [
      `--parallelism ${parallelism}: scenario ${name} has ${vus} VUs, so some pods would send nothing of its load; use fewer pods, or give a larger EXPECTED_E2E or MAX_VUS`,
    ]
  })
}
