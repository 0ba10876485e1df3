import { duration, type Variable } from './fields.ts'

/** Variables for how long the client waits. */
export const deadlineVariables = {
  TIMEOUT_CONNECT: {
    ...duration({ min: '1ms', max: '1h' }),
    group: 'deadlines',
    default: '10s',
    meaning: 'Longest time to open a connection, TLS included.',
    example: '3s',
  },
  TIMEOUT_FIRST_TOKEN: {
    ...duration({ min: '1ms', max: '24h' }),
    group: 'deadlines',
    default: '1m',
    meaning: 'Longest time from sending to the first token.',
    example: '5m',
  },
  TIMEOUT_IDLE: {
    ...duration({ min: '1ms', max: '24h' }),
    group: 'deadlines',
    default: '30s',
    meaning: 'Longest silence after the first token.',
    example: '10s',
  },
  TIMEOUT_TOTAL: {
    ...duration({ min: '1ms', max: '24h' }),
    group: 'deadlines',
    default: '5m',
    meaning: 'Longest total time of a request.',
    example: '10m',
  },
} as const satisfies Record<string, Variable>
