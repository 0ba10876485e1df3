import { editDistance } from './edit-distance.ts'
import type { ConfigProblem } from './types.ts'
import { variableNames } from './variables/index.ts'

/** Names from which k6 reads options that replace the load planned by the script. */
const REPLACE_THE_LOAD = ['K6_VUS', 'K6_DURATION', 'K6_ITERATIONS', 'K6_STAGES']

const LIMITS = variableNames.filter(namesLimit)
const SHOWN = 5
const LONGEST_NAME = 40

/** Whether a name is, or was meant to be, that of a limit: a limit that is not read is not judged. */
export function namesLimit(name: string): boolean {
  return /^SLO_|_SLO$/i.test(name)
}

/**
 * Names in the environment that are not ours and must not be passed over: limits that nothing would
 * judge, and options of k6 that replace the planned load.
 *
 * @param names names in the environment with a non-empty value; the values are not looked at
 * @returns one problem per name
 */
export function foreignNames(names: readonly string[]): ConfigProblem[] {
  return [
    ...names.filter((name) => namesLimit(name) && !isLimit(name)).map(unknownLimit),
    ...names.filter((name) => REPLACE_THE_LOAD.includes(name)).map(replacesLoad),
  ]
}

function isLimit(name: string): boolean {
  return (LIMITS as readonly string[]).includes(name)
}

function unknownLimit(variable: string): ConfigProblem {
  const near = nearest(variable).join(', ')
  return {
    variable,
    value: undefined,
    source: 'environment',
    message: `is no limit of this test: did you mean ${near}?`,
    accepted:
      'SLO_LATENCY_STATISTIC such as SLO_TTFT_P95 (P50, P90, P95, P99 or MEAN), SLO_ERROR_RATE, SLO_GOODPUT',
  }
}

/** The limits that share most words with a name, and of those the closest in spelling. */
function nearest(given: string): string[] {
  const upper = given.toUpperCase().slice(0, LONGEST_NAME)
  const words = upper.split('_')
  const scored = LIMITS.map((name) => ({
    name,
    shared: name.split('_').filter((word) => words.includes(word)).length,
    distance: editDistance(upper, name, LONGEST_NAME),
  }))
  return scored
    .sort((a, b) => b.shared - a.shared || a.distance - b.distance)
    .slice(0, SHOWN)
    .map(({ name }) => name)
}

function replacesLoad(variable: string): ConfigProblem {
  return {
    variable,
    value: undefined,
    source: 'environment',
    message: 'k6 plays it in place of the load that this test plans',
    accepted: 'RATE, CONCURRENCY, DURATION and the like, without K6_',
  }
}
