import { choice, duration, whole, type Variable } from './fields.ts'

/** Load variables that every shape uses. */
export const loadVariables = {
  PROFILE: {
    ...choice('none', 'certified'),
    group: 'load',
    default: 'none',
    meaning:
      '`certified`: a run whose figures can be quoted. 30 minutes of constant load are measured after a warm-up of 2 (DURATION and WARMUP, either may be longer).',
    example: 'certified',
  },
  EXPECTED_E2E: {
    ...duration({ min: '1ms', max: '24h' }),
    group: 'load',
    default: '10s',
    meaning: 'How long an answer may take under this load; sizes the VUs of an open loop.',
    example: '25s',
  },
  MAX_VUS: {
    ...whole({ min: 1, max: 100_000 }),
    group: 'load',
    unit: 'VUs',
    meaning:
      'Most VUs (requests in flight) that the load may have, all phases together; without it, by EXPECTED_E2E.',
    example: '500',
  },
  DRAIN: {
    ...duration({ min: '0s', max: '24h' }),
    group: 'load',
    meaning: 'Time for answers in flight when load ends; without it, a second over TIMEOUT_TOTAL.',
    example: '2m',
  },
  SEED: {
    ...whole({ min: 0, max: 4_294_967_295 }),
    group: 'load',
    default: '1',
    meaning: 'The same seed gives the same requests, on every machine.',
    example: '42',
  },
} as const satisfies Record<string, Variable>
