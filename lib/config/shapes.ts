/** What the configuration knows about a load shape; `lib/load` makes its phases. */
export interface Shape {
  /** The only loop in which the shape makes sense; `either`: RATE or CONCURRENCY decides. */
  loop: 'open' | 'closed' | 'either'
  /** Load variables that not all shapes use; those missing here have no effect and cause a warning. */
  uses: readonly string[]
  /** For documentation: its phases, and what the summary does with them. */
  meaning: string
}

const ARRIVALS = ['ARRIVALS', 'BURSTINESS', 'ARRIVALS_SEED'] as const
const BASE = ['RATE', 'CONCURRENCY', ...ARRIVALS] as const
const PEAK = ['PEAK_RATE', 'PEAK_CONCURRENCY'] as const
const START = ['WARMUP', 'START_SPREAD'] as const
const STEPS = ['STEPS', 'STEP_DURATION', 'STEP_SETTLE', ...START] as const
const TRACE = [
  'TRACE',
  'SPEED',
  'TRACE_FROM',
  'TRACE_FOR',
  'TRACE_SAMPLE',
  'TRACE_RATE',
  'TRACE_SPREAD',
  'TRACE_UNIT',
  'BLOCK_TOKENS',
  'MAX_INPUT_TOKENS',
  'MAX_OUTPUT_TOKENS',
  'MAX_MODEL_LEN',
] as const

/** How load changes over time, one row per shape. */
export const SHAPES = {
  steady: {
    loop: 'either',
    uses: [...BASE, 'DURATION', ...START],
    meaning: 'Constant load: `warmup`, `steady`.',
  },
  ramp: {
    loop: 'either',
    uses: [...BASE, ...PEAK, 'RAMP_DURATION', 'DURATION', ...START],
    meaning: 'Load that rises and stays: `warmup`, `ramp`, `hold`.',
  },
  spike: {
    loop: 'either',
    uses: [...BASE, ...PEAK, 'DURATION', 'SPIKE_DURATION', 'RECOVERY_DURATION', ...START],
    meaning:
      'A sudden peak: `warmup`, `baseline`, `spike`, `recovery`. The summary tells the time to recover: from the end of the spike until the SLO holds again.',
  },
  soak: {
    loop: 'either',
    uses: [...BASE, 'DURATION', ...START],
    meaning:
      'Constant load for long: `warmup`, `soak`. The summary compares the first third with the last, and tests every figure for a trend.',
  },
  daily: {
    loop: 'either',
    uses: [...BASE, ...PEAK, 'CYCLES', 'CYCLE_DURATION', ...START],
    meaning:
      'Days between an off-peak and a peak load, compressed: a raised cosine of `CYCLES` days of `CYCLE_DURATION`. Figures by time of day: `off-peak`, `rise`, `peak`, `fall`.',
  },
  'concurrency-sweep': {
    loop: 'closed',
    uses: STEPS,
    meaning:
      'Closed loop, step by step: `settle` (not measured), then `c1`, `c2`, `c4` … by `STEPS`. Figures for each step, the highest step that keeps the SLO, and the knee: the step of greatest power (completed requests/s / mean E2E), or "no knee found" where that is the first or the last step.',
  },
  'rate-sweep': {
    loop: 'open',
    uses: [...STEPS, ...ARRIVALS],
    meaning: 'The same over arrival rates: `r1`, `r2`, `r4` …',
  },
  'cold-start': {
    loop: 'either',
    uses: [...BASE, 'IDLE_DURATION', 'COLD_REQUESTS', 'DURATION', 'CYCLES'],
    meaning:
      'The first requests apart from the rest: `idle` (nothing is sent), `cold` (`COLD_REQUESTS`), `warm`, `CYCLES` times. Neither preflight nor calibration touch the model before, so set `MODEL` where the server lists several.',
  },
  batch: {
    loop: 'closed',
    uses: ['CONCURRENCY', 'DURATION', ...START],
    meaning:
      'Closed loop, `CONCURRENCY` requests in flight for `DURATION`: output tokens/s is the result.',
  },
  failover: {
    loop: 'either',
    uses: [...BASE, 'DURATION', ...START],
    meaning:
      'Constant load over `BASE_URLS`: requests, share, errors and the outage of each endpoint (from the first slice with more failures than `SLO_ERROR_RATE` to the end of the last). A failed request is not sent again elsewhere.',
  },
  trace: {
    loop: 'open',
    uses: [...TRACE, 'WARMUP'],
    meaning:
      'A recorded trace: every request once, at its time. Its own lengths, prompts, applications and shared prefixes are used; late requests are late, not lost.',
  },
} as const satisfies Readonly<Record<string, Shape>>

export type ShapeName = keyof typeof SHAPES

/** Load variables that some shapes use and others do not. */
export type ShapeVariable = (typeof SHAPES)[ShapeName]['uses'][number]

export const SHAPE_NAMES = Object.keys(SHAPES) as ShapeName[]

/** Whether a variable has an effect under a shape: all do, except those that only other shapes use. */
export function shapeUses(shape: ShapeName, variable: string): boolean {
  const { uses } = SHAPES[shape] as Shape
  return uses.includes(variable) || !SHAPE_NAMES.some((other) => named(other, variable))
}

/** The shapes under which a variable has an effect. */
export function shapesOf(variable: string): readonly ShapeName[] {
  return SHAPE_NAMES.filter((shape) => shapeUses(shape, variable))
}

function named(shape: ShapeName, variable: string): boolean {
  return (SHAPES[shape] as Shape).uses.includes(variable)
}
