import type { ShapeVariable } from '../shapes.ts'
import { traceVariables } from './trace.ts'
import { choice, duration, levels, numeric, peak, whole, type Variable } from './fields.ts'

/** Load variables that only some shapes use; the rows of `SHAPES` say which. */
export const shapeVariables = {
  RATE: {
    ...numeric({ min: 0.001, max: 100_000 }),
    group: 'load',
    default: '2',
    unit: 'requests/s',
    meaning: 'Arrival rate; fractions are exact. Giving it asks for an open loop.',
    example: '0.5',
  },
  PEAK_RATE: {
    ...peak('RATE', { whole: false }),
    group: 'load',
    default: '4x',
    unit: 'requests/s',
    meaning: 'Arrival rate of the spike, or at the end of the ramp; `4x` is four times RATE.',
    example: '20',
  },
  CONCURRENCY: {
    ...whole({ min: 1, max: 100_000 }),
    group: 'load',
    default: '8',
    unit: 'requests in flight',
    meaning: 'Requests kept in flight. Giving it asks for a closed loop.',
    example: '32',
  },
  PEAK_CONCURRENCY: {
    ...peak('CONCURRENCY', { whole: true }),
    group: 'load',
    default: '4x',
    unit: 'requests in flight',
    meaning: 'Requests in flight in the spike, or at the end of the ramp.',
    example: '128',
  },
  DURATION: {
    ...duration({ min: '1s', max: '168h' }),
    group: 'load',
    default: '1m',
    meaning:
      'Length of the measured load; ramp: of the hold at the peak; spike: of the baseline; cold start: of the load after the first requests.',
    example: '5m',
  },
  WARMUP: {
    ...duration({ min: '0s', max: '24h' }),
    group: 'load',
    default: '15s',
    meaning: 'Load before the measurement that enters no figure; `0` for none.',
    example: '1m',
  },
  START_SPREAD: {
    ...duration({ min: '0s', max: '24h' }),
    group: 'load',
    meaning:
      'Closed loop: time over which its first requests are spread, inside the warm-up (sweeps: each step inside its settle); without it, EXPECTED_E2E; `0` starts all at once.',
    example: '3s',
  },
  SPIKE_DURATION: {
    ...duration({ min: '1s', max: '24h' }),
    group: 'load',
    default: '30s',
    meaning: 'Length of the spike.',
    example: '1m',
  },
  RECOVERY_DURATION: {
    ...duration({ min: '0s', max: '24h' }),
    group: 'load',
    default: '1m',
    meaning: 'Baseline load after the spike, in which the time to recover is looked for.',
    example: '3m',
  },
  RAMP_DURATION: {
    ...duration({ min: '1s', max: '24h' }),
    group: 'load',
    default: '2m',
    meaning: 'Time in which the load rises from its base to its peak, linearly.',
    example: '10m',
  },
  STEPS: {
    ...levels(),
    group: 'load',
    unit: "the loop's",
    meaning:
      'Levels of a sweep: requests in flight (without it 1,2,4,8,16,32,64) or requests/s (without it 1,2,4,8,16).',
    example: '4,8,12,16',
  },
  STEP_DURATION: {
    ...duration({ min: '1s', max: '24h' }),
    group: 'load',
    default: '30s',
    meaning: 'Measured length of each step of a sweep.',
    example: '2m',
  },
  STEP_SETTLE: {
    ...duration({ min: '0s', max: '24h' }),
    group: 'load',
    default: '10s',
    meaning:
      'Start of each step that enters no figure: requests still in flight from the step before end in it.',
    example: '30s',
  },
  CYCLES: {
    ...whole({ min: 1, max: 1000 }),
    group: 'load',
    default: '1',
    meaning: 'Number of days, or of cycles of silence and load.',
    example: '3',
  },
  CYCLE_DURATION: {
    ...duration({ min: '10s', max: '48h' }),
    group: 'load',
    default: '10m',
    meaning: 'Length of a day, compressed.',
    example: '1h',
  },
  IDLE_DURATION: {
    ...duration({ min: '0s', max: '24h' }),
    group: 'load',
    default: '0s',
    meaning:
      'Silence before the first requests, in which the server may unload its model; `0` right after the start of the run.',
    example: '6m',
  },
  COLD_REQUESTS: {
    ...whole({ min: 1, max: 10_000 }),
    group: 'load',
    default: '1',
    unit: 'requests',
    meaning: 'How many first requests are reported apart as cold (open loop).',
    example: '5',
  },
  ARRIVALS: {
    ...choice('constant', 'poisson', 'gamma'),
    group: 'load',
    default: 'constant',
    meaning:
      'How requests of an open loop follow each other: evenly, as from independent users (`poisson`), or in bursts (`gamma`). All but `constant` are computed before the run.',
    example: 'poisson',
  },
  BURSTINESS: {
    ...numeric({ min: 0.01, max: 100 }),
    group: 'load',
    default: '0.5',
    meaning:
      'Shape of gamma gaps: 1 is Poisson, below 1 bursts, above 1 more even. Variation of the gaps = 1/√BURSTINESS.',
    example: '0.25',
  },
  ARRIVALS_SEED: {
    ...whole({ min: 0, max: 4_294_967_295 }),
    group: 'load',
    meaning:
      'Seed of poisson and gamma arrivals alone, so that two runs send the same requests at other times; without it, SEED.',
    example: '43',
  },
  ...traceVariables,
} as const satisfies Readonly<Record<ShapeVariable, Variable>>
