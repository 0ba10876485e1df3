import { describeVariables, readDuration } from '../../lib/config/index.ts'
import { COSTS, processMiB, type Costs } from '../plan/index.ts'
import { isBeside, type K6Scenario, type Requirements } from './inspect.ts'

/** What each pod holds, and the memory that it needs for it. */
export interface PodNeeds {
  /** VUs that k6 may go up to in one pod. */
  vus: number
  /** Requests that one pod sends over the whole run; an iteration counts as one. */
  requests: number
  /** Of a closed loop the number of requests depends on how long answers take. */
  estimated: boolean
  /** Unrounded, MiB. */
  mib: number
}

/** Memory is asked for in steps of this, MiB. */
const STEP_MIB = 64

/**
 * Computes what one of several pods needs, from what k6 counts in the script. The VUs are the most that
 * k6 may go up to, not those that it prepares: a server that slows down makes it use them all, and a
 * pod killed at that moment loses the part of the run that matters.
 *
 * @param requirements as `k6 inspect` prints them, of the whole test
 * @param parallelism number of pods
 * @param variables of the scenario; EXPECTED_E2E says how long an answer of a closed loop takes
 */
export function podNeeds(
  requirements: Requirements,
  parallelism: number,
  variables: Readonly<Record<string, string>>,
  costs: Costs = COSTS,
): PodNeeds {
  const load = Object.entries(requirements.scenarios)
    .filter(([name]) => !isBeside(name))
    .map(([, scenario]) => scenario)
  const e2eMs = expectedE2eMs(variables)
  const all = load.reduce((sum, scenario) => sum + requestsOf(scenario, e2eMs), 0)
  // k6 divides the VUs of each scenario by itself, so each may leave one pod with one more.
  const vus = Math.ceil(requirements.maxVUs / parallelism) + (parallelism > 1 ? load.length : 0)
  const requests = Math.ceil(all / parallelism)
  const mib = processMiB({ vus, requests }, costs)
  return { vus, requests, estimated: load.some(isClosed), mib }
}

/** The needed memory as a Kubernetes quantity, rounded up. */
export function memoryQuantity({ mib }: PodNeeds): string {
  return `${Math.ceil(mib / STEP_MIB) * STEP_MIB}Mi`
}

/**
 * Checks the memory that the user asked for.
 *
 * @param memory a quantity, such as 1Gi
 * @returns the problem with its numbers, or undefined when the pod fits
 */
export function memoryProblem(
  needs: PodNeeds,
  memory: string,
  parallelism: number,
): string | undefined {
  if (needs.mib <= mibOf(memory)) return undefined
  const enough = memoryQuantity(needs)
  return `--memory ${memory}: each of ${parallelism} pods needs ${enough}: ${inWords(needs)}; leave --memory out to get that, use more pods, or lower MAX_VUS or EXPECTED_E2E`
}

/** `1,602 VUs of 2.9 MiB, …`. */
export function inWords({ vus, requests, estimated }: PodNeeds, costs: Costs = COSTS): string {
  const count = (x: number) => x.toLocaleString('en')
  const about = estimated ? 'about ' : ''
  return `k6 takes ${costs.mibBase} MiB, up to ${count(vus)} VUs ${costs.mibPerVu} MiB each, ${about}${count(requests)} requests ${costs.bytesPerRequest / 1000} KB each`
}

const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  Ki: 2 ** 10,
  M: 1e6,
  Mi: 2 ** 20,
  G: 1e9,
  Gi: 2 ** 30,
  T: 1e12,
  Ti: 2 ** 40,
}

/** @param quantity as Kubernetes writes it; checked before */
function mibOf(quantity: string): number {
  const [, number = '', unit = ''] = /^([\d.]+)([a-zA-Z]*)$/.exec(quantity) ?? []
  return (Number(number) * (UNITS[unit] ?? NaN)) / 2 ** 20
}

function expectedE2eMs(variables: Readonly<Record<string, string>>): number {
  const byDefault = describeVariables().find(({ name }) => name === 'EXPECTED_E2E')?.default
  return ms(variables['EXPECTED_E2E'] ?? byDefault ?? '10s')
}

const isClosed = ({ executor }: K6Scenario) => /^(constant|ramping)-vus$/.test(executor ?? '')

/** Iterations of a scenario, each taken for one request. */
function requestsOf(scenario: K6Scenario, e2eMs: number): number {
  const { executor, rate = 0, timeUnit = '1s', iterations = 0, vus = 1 } = scenario
  const perMs = (count: number) => count / ms(timeUnit)
  switch (executor) {
    case 'constant-arrival-rate':
      return perMs(rate) * ms(scenario.duration)
    case 'ramping-arrival-rate':
      // k6 starts iteration n when the area reaches n.
      return Math.floor(perMs(areaOf(scenario, scenario.startRate ?? 0)))
    case 'shared-iterations':
      return iterations
    case 'per-vu-iterations':
      return iterations * vus
    case 'constant-vus':
      return (vus * ms(scenario.duration)) / e2eMs
    case 'ramping-vus':
      return areaOf(scenario, scenario.startVUs ?? 1) / e2eMs
    default:
      return 0
  }
}

/** Area under the stages, which k6 walks linearly from target to target; of ms. */
function areaOf({ stages = [] }: K6Scenario, start: number): number {
  let [from, area] = [start, 0]
  for (const { target = 0, duration } of stages) {
    area += ((from + target) / 2) * ms(duration)
    from = target
  }
  return area
}

/** k6 writes durations as it reads them. */
function ms(duration: string | null | undefined): number {
  const read = readDuration(duration ?? '0')
  return read.ok ? read.value : 0
}
