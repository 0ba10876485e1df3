import { formatDuration } from './duration.ts'
import { isConstant } from './lengths.ts'
import type { Peak } from './numbers.ts'
import { FIXED_LOOP, PEAKED } from './shapes.ts'
import type { ShapeName } from './types.ts'
import { variables, variableNames, type Values, type VariableName } from './variables.ts'

/** What the checks between variables see: values that could be read, and where they came from. */
export interface Reading {
  values: Partial<Values>
  given: ReadonlySet<VariableName>
  loop: 'open' | 'closed'
  shape: ShapeName | undefined
  problem(variable: VariableName, message: string, accepted: string): void
  warn(variable: VariableName, message: string): void
}

/** The value of a peak in its base's unit. */
export function peakOf(peak: Peak, base: number): number {
  return 'times' in peak ? peak.times * base : peak.absolute
}

const loads = {
  open: { base: 'RATE', peak: 'PEAK_RATE' },
  closed: { base: 'CONCURRENCY', peak: 'PEAK_CONCURRENCY' },
} as const

const inUse = (reading: Reading, name: VariableName) => {
  const { shapes } = variables[name] as { shapes?: readonly ShapeName[] }
  return shapes === undefined || reading.shape === undefined || shapes.includes(reading.shape)
}

function oneLoop({ given, problem }: Reading): void {
  const open = [loads.open.base, loads.open.peak].filter((name) => given.has(name))
  const closed = [loads.closed.base, loads.closed.peak].filter((name) => given.has(name))
  if (open.length === 0 || closed.length === 0) return
  const both = `given together with ${open.join(' and ')}`
  const why = 'a rate asks for an open loop, a concurrency for a closed one'
  problem(closed[0]!, `${both}: ${why}`, `either ${loads.open.base} or ${loads.closed.base}`)
}

function peakAboveBase(reading: Reading): void {
  const { base, peak } = loads[reading.loop]
  const low = reading.values[base]
  const high = reading.values[peak]
  if (low === undefined || high === undefined || !inUse(reading, peak)) return
  const most = 100_000
  if (peakOf(high, low) > most) reading.problem(peak, 'is more than k6 can start', `up to ${most}`)
  if (peakOf(high, low) >= low) return
  reading.problem(peak, `lies below ${base} (${low})`, `at least ${low}, or a multiple such as 4x`)
}

/** k6's constant executors refuse a duration under 1 s (`minDuration` in lib/executor). */
function phasesLongEnough(reading: Reading): void {
  for (const name of ['WARMUP', 'RECOVERY_DURATION'] as const) {
    const ms = reading.values[name]
    if (ms === undefined || ms === 0 || ms >= 1000 || !inUse(reading, name)) continue
    reading.problem(name, 'shorter than the second that k6 can plan', '0 or at least 1s')
  }
}

function enoughVUs({ values, loop, problem, shape }: Reading): void {
  const { MAX_VUS: most, CONCURRENCY: base, PEAK_CONCURRENCY: peak } = values
  if (loop === 'open' || most === undefined || base === undefined || peak === undefined) return
  const top = Math.max(base, Math.round(peakOf(peak, base)))
  const asked = shape === undefined || isPeaked(shape) ? top : base
  if (asked <= most) return
  problem('MAX_VUS', `a closed loop of ${asked} requests needs as many VUs`, `at least ${asked}`)
}

const isPeaked = (shape: ShapeName) => (PEAKED as readonly ShapeName[]).includes(shape)

function deadlines({ values, given, problem, warn }: Reading): void {
  const { EXPECTED_E2E: expected, TIMEOUT_TOTAL: total, DRAIN: drain } = values
  if (expected !== undefined && total !== undefined && expected > total) {
    const atLeast = `at least EXPECTED_E2E (${formatDuration(expected)})`
    problem('TIMEOUT_TOTAL', 'every answer that takes as long as expected would time out', atLeast)
  }
  if (drain !== undefined && expected !== undefined && drain < expected) {
    warn('DRAIN', `DRAIN is shorter than EXPECTED_E2E: the end of the load will cut answers off`)
  }
  for (const name of ['TIMEOUT_FIRST_TOKEN', 'TIMEOUT_IDLE', 'TIMEOUT_CONNECT'] as const) {
    const ms = values[name]
    if (!given.has(name) || ms === undefined || total === undefined || ms <= total) continue
    warn(name, `${name} is longer than TIMEOUT_TOTAL, which ends the request before it`)
  }
}

function warmupMakesSense({ values, warn }: Reading): void {
  const { WARMUP: warmup, EXPECTED_E2E: expected, DURATION: duration } = values
  if (warmup === undefined || warmup === 0) return
  if (expected !== undefined && warmup < expected) {
    const than = `shorter than one answer takes (EXPECTED_E2E ${formatDuration(expected)})`
    warn(
      'WARMUP',
      `WARMUP is ${than}: the measurement begins before as many are in flight as later`,
    )
  }
  if (duration !== undefined && warmup > duration) {
    warn('WARMUP', 'WARMUP is longer than DURATION: more is thrown away than measured')
  }
}

function serviceLevel({ values, warn }: Reading): void {
  for (const metric of ['TTFT', 'TPOT', 'ITL', 'E2E'] as const) {
    const p95 = values[`SLO_${metric}_P95`]
    const p99 = values[`SLO_${metric}_P99`]
    if (p95 === undefined || p99 === undefined || p99 >= p95) continue
    const name = `SLO_${metric}_P99` as const
    warn(name, `${name} is stricter than SLO_${metric}_P95, which therefore never decides`)
  }
  const limits = variableNames.filter((name) => /^SLO_.*_P\d+$/.test(name))
  if (values.SLO_GOODPUT !== undefined && limits.every((name) => values[name] === undefined)) {
    warn('SLO_GOODPUT', 'SLO_GOODPUT is given without a latency limit: it only counts failures')
  }
}

/** Requests of one length keep step with each other in a closed loop: evalscope#1641 saw 1.86x TTFT. */
function lockstep({ values, loop, warn }: Reading): void {
  const { INPUT_TOKENS: input, OUTPUT_TOKENS: output, IGNORE_EOS: ignore } = values
  if (loop === 'open' || ignore === 'off' || input === undefined || output === undefined) return
  if (!isConstant(input) || !isConstant(output)) return
  const cure = 'OUTPUT_TOKENS=normal(mean,sd) or the like spreads them'
  warn(
    'OUTPUT_TOKENS',
    `all requests of this closed loop are of one length and end in step: ${cure}`,
  )
}

function oneKey({ values, given, problem, warn }: Reading): void {
  if (values.HEADERS !== undefined && 'authorization' in values.HEADERS) {
    if (values.API_KEY !== undefined || values.API_KEY_SECRET !== undefined) {
      problem('HEADERS', 'has an Authorization of its own beside the API key', 'one of the two')
    }
  }
  if (given.has('API_KEY') && given.has('API_KEY_SECRET')) {
    warn('API_KEY_SECRET', 'API_KEY is given too and is the one that is used')
  }
}

function unused(reading: Reading): void {
  const other = loads[reading.loop === 'open' ? 'closed' : 'open']
  const fixed = reading.shape !== undefined && FIXED_LOOP[reading.shape] !== undefined
  for (const name of reading.given) {
    // Both loops at once are a problem already, unless the shape knows one only.
    if (!fixed && (name === other.base || name === other.peak)) continue
    if (inUse(reading, name)) continue
    reading.warn(name, `${name} has no effect on the load shape "${reading.shape}"`)
  }
}

/** A level of a concurrency sweep is a number of VUs. */
function wholeSteps({ values, shape, problem }: Reading): void {
  const { STEPS: steps, MAX_VUS: most } = values
  if (shape !== 'concurrency-sweep' || steps === undefined) return
  const broken = steps.find((level) => !Number.isInteger(level))
  if (broken !== undefined) {
    problem('STEPS', `${broken} requests in flight are no whole number`, 'whole numbers')
  }
  const top = steps[steps.length - 1] ?? 0
  if (most === undefined || top <= most) return
  problem('MAX_VUS', `a closed loop of ${top} requests needs as many VUs`, `at least ${top}`)
}

function drawnArrivals({ values, given, loop, warn }: Reading): void {
  if (given.has('BURSTINESS') && values.ARRIVALS !== 'gamma') {
    warn('BURSTINESS', 'BURSTINESS has no effect without ARRIVALS=gamma')
  }
  if (given.has('ARRIVALS') && loop === 'closed') {
    warn('ARRIVALS', 'ARRIVALS has no effect on a closed loop: answers set its pace')
  }
}

function traceGiven({ values, shape, problem }: Reading): void {
  if (shape !== 'trace') return
  if (values.TRACE === undefined) {
    problem('TRACE', 'a replay needs the trace to replay', 'path of a trace file')
  }
  if (values.TRACE_FROM === 'busiest' && values.TRACE_FOR === undefined) {
    problem('TRACE_FROM', 'the busiest window of which length?', 'TRACE_FOR as well, such as 10m')
  }
}

function severalEndpoints({ values, given, warn }: Reading): void {
  if (!given.has('BASE_URL') || !given.has('BASE_URLS') || values.BASE_URLS === undefined) return
  warn('BASE_URL', 'BASE_URL has no effect beside BASE_URLS')
}

function path({ values, given, warn }: Reading): void {
  if (!given.has('BASE_URL') || values.BASE_URL === undefined) return
  if (values.BASE_URL.basePath !== '') return
  warn('BASE_URL', 'BASE_URL has no path: most servers answer under /v1')
}

/** Every check between variables; each is silent where a value it needs could not be read. */
export const checks: readonly ((reading: Reading) => void)[] = [
  oneLoop,
  peakAboveBase,
  phasesLongEnough,
  enoughVUs,
  deadlines,
  warmupMakesSense,
  serviceLevel,
  lockstep,
  oneKey,
  wholeSteps,
  drawnArrivals,
  traceGiven,
  severalEndpoints,
  unused,
  path,
]
