import { CERTIFIED_MS, latencyLimits } from '../metrics/index.ts'
import { formatDuration } from './readers/duration.ts'
import { isConstant } from './readers/lengths.ts'
import type { Peak } from './readers/numbers.ts'
import { SHAPES, shapeUses } from './shapes.ts'
import { drawnArrivals } from './arrivals.ts'
import { comparedAnswers, gradedAnswers, keptAnswers } from './graded.ts'
import type { Reading } from './reading.ts'
import type { VariableName } from './variables/index.ts'

/** A peak in the unit of its base. */
export function peakOf(peak: Peak, base: number): number {
  return 'times' in peak ? peak.times * base : peak.absolute
}

const loads = {
  open: { base: 'RATE', peak: 'PEAK_RATE' },
  closed: { base: 'CONCURRENCY', peak: 'PEAK_CONCURRENCY' },
} as const

const inUse = ({ shape }: Pick<Reading, 'shape'>, name: VariableName) =>
  shape === undefined || shapeUses(shape, name)

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
  const asked = inUse({ shape }, 'PEAK_CONCURRENCY') ? top : base
  if (asked <= most) return
  problem('MAX_VUS', `a closed loop of ${asked} requests needs as many VUs`, `at least ${asked}`)
}

function deadlines({ values, given, problem, warn }: Reading): void {
  const { EXPECTED_E2E: expected, TIMEOUT_TOTAL: total, DRAIN: drain } = values
  if (expected !== undefined && total !== undefined && expected > total) {
    const atLeast = `at least EXPECTED_E2E (${formatDuration(expected)})`
    problem('TIMEOUT_TOTAL', 'every answer that takes as long as expected would time out', atLeast)
  }
  if (drain !== undefined && expected !== undefined && drain < expected) {
    warn('DRAIN', `DRAIN is shorter than EXPECTED_E2E: the end of the load will cut answers off`)
  } else if (drain !== undefined && total !== undefined && drain < total) {
    const shorter = `DRAIN is shorter than TIMEOUT_TOTAL (${formatDuration(total)})`
    warn(
      'DRAIN',
      `${shorter}: requests that hang are cut off by the end instead of failing, and a limit that they could have missed is not judged`,
    )
  }
  for (const name of ['TIMEOUT_FIRST_TOKEN', 'TIMEOUT_IDLE', 'TIMEOUT_CONNECT'] as const) {
    const ms = values[name]
    if (!given.has(name) || ms === undefined || total === undefined || ms <= total) continue
    warn(name, `${name} is longer than TIMEOUT_TOTAL, which ends the request before it`)
  }
}

function warmupMakesSense({ values, shape, warn }: Reading): void {
  if (!inUse({ shape }, 'WARMUP')) return
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

/** A shorter load, or one that changes, is not what the profile promises. */
function certified({ values, shape, problem }: Reading): void {
  if (values.PROFILE !== 'certified') return
  if (shape !== undefined && shape !== 'steady' && shape !== 'soak') {
    problem(
      'PROFILE',
      `the load shape "${shape}" is not of constant load`,
      'none, or a steady scenario',
    )
  } else if ((values.DURATION ?? CERTIFIED_MS) < CERTIFIED_MS) {
    const least = formatDuration(CERTIFIED_MS)
    problem('DURATION', 'shorter than PROFILE=certified measures', `at least ${least}`)
  }
}

/** Of two limits on one latency, the one at the higher percentile decides only where it is larger. */
function serviceLevel({ values, warn }: Reading): void {
  const set = latencyLimits().flatMap((limit) => {
    const limitMs = values[limit.variable]
    return limitMs === undefined ? [] : [{ ...limit, limitMs }]
  })
  for (const [i, higher] of set.entries()) {
    if (higher.share === undefined) continue
    const lower = set
      .slice(0, i)
      .find(({ metric, limitMs }) => metric === higher.metric && limitMs > higher.limitMs)
    if (lower === undefined) continue
    const { variable } = higher
    warn(variable, `${variable} is stricter than ${lower.variable}, which therefore never decides`)
  }
  if (
    values.SLO_GOODPUT !== undefined &&
    !set.some(({ share }) => share !== undefined && share > 0.5)
  ) {
    warn(
      'SLO_GOODPUT',
      'SLO_GOODPUT has no effect without a limit at P90, P95 or P99 of a latency: no request is held to anything',
    )
  }
}

/** k6 creates no folders: files for a folder that does not exist are lost when the run is over. */
function resultsFolder({ values, given, lookAt, problem, warn }: Reading): void {
  const { RESULTS: folder, FORMATS: formats } = values
  if (folder === undefined || folder.toLowerCase() === 'none') return
  if (formats?.every((format) => format === 'none')) return
  const kind = lookAt(folder)
  if (kind === 'not a folder') {
    problem('RESULTS', 'is a file, or lies below one', 'a folder that exists, or none')
  }
  if (kind !== 'nothing') return
  if (given.has('RESULTS')) {
    problem(
      'RESULTS',
      'there is no such folder, and k6 makes none',
      'a folder that exists, or none',
    )
  } else {
    warn(
      'RESULTS',
      `there is no folder ${folder}: no results file is written (RESULTS names another)`,
    )
  }
}

/** Requests of equal length stay in step in a closed loop: evalscope#1641 saw 1.86x TTFT. */
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

/** A certificate is of no use without its key. */
function certificateWithKey({ values, problem }: Reading): void {
  const { TLS_CERT: cert, TLS_KEY: key } = values
  if ((cert === undefined) === (key === undefined)) return
  const missing = cert === undefined ? 'TLS_CERT' : 'TLS_KEY'
  problem(missing, 'TLS_CERT and TLS_KEY need each other', 'path of a PEM file')
}

function unused(reading: Reading): void {
  const other = loads[reading.loop === 'open' ? 'closed' : 'open']
  const fixed = reading.shape !== undefined && SHAPES[reading.shape].loop !== 'either'
  for (const name of reading.given) {
    // Both loops at once are reported already, unless the shape knows only one.
    if (!fixed && (name === other.base || name === other.peak)) continue
    if (inUse(reading, name)) continue
    reading.warn(name, `${name} has no effect on the load shape "${reading.shape}"`)
  }
}

/** A level of a concurrency sweep is a number of VUs, so it must be whole. */
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

function pricedSpend({ values, given, problem, warn }: Reading): void {
  const { MAX_SPEND: most, PRICE_INPUT_TOKENS: input, PRICE_OUTPUT_TOKENS: output } = values
  if (most !== undefined && !input && !output) {
    const wanted = 'a price above 0, here or as PRICE_INPUT_TOKENS'
    problem('PRICE_OUTPUT_TOKENS', 'without prices MAX_SPEND is never reached', wanted)
  }
  for (const name of ['PRICE_INPUT_TOKENS', 'PRICE_OUTPUT_TOKENS'] as const) {
    if (most === undefined && given.has(name)) warn(name, `${name} has no effect without MAX_SPEND`)
  }
}

function usersWhoLeave({ values, given, problem, warn }: Reading): void {
  const { CANCEL_SHARE: leaving = 0, CANCEL_AFTER: after, API: api } = values
  if (leaving === 0) {
    if (given.has('CANCEL_AFTER'))
      warn('CANCEL_AFTER', 'CANCEL_AFTER has no effect without CANCEL_SHARE')
  } else if (after !== undefined && 'chunks' in after && api === 'embeddings') {
    problem('CANCEL_AFTER', 'embeddings come in one piece, without tokens', 'a duration such as 2s')
  }
}

function spreadStart({ given, loop, warn }: Reading): void {
  if (!given.has('START_SPREAD') || loop === 'closed') return
  warn('START_SPREAD', 'START_SPREAD has no effect on an open loop, which starts at its rate')
}

function traceGiven({ values, shape, problem }: Reading): void {
  if (shape !== 'trace') return
  if (values.TRACE === undefined) {
    problem('TRACE', 'a replay needs the trace to replay', 'path of a trace file')
  }
  if (values.TRACE_FROM === 'busiest' && values.TRACE_FOR === undefined) {
    problem('TRACE_FROM', 'the busiest window needs a length', 'TRACE_FOR as well, such as 10m')
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

/** Every check between variables; each says nothing where a value it needs could not be read. */
export const checks: readonly ((reading: Reading) => void)[] = [
  oneLoop,
  peakAboveBase,
  phasesLongEnough,
  enoughVUs,
  deadlines,
  warmupMakesSense,
  certified,
  serviceLevel,
  lockstep,
  oneKey,
  certificateWithKey,
  wholeSteps,
  drawnArrivals,
  spreadStart,
  pricedSpend,
  usersWhoLeave,
  gradedAnswers,
  keptAnswers,
  comparedAnswers,
  traceGiven,
  severalEndpoints,
  resultsFolder,
  unused,
  path,
]
