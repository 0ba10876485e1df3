import { readWindowStart } from '../readers/window-start.ts'
import { choice, duration, numeric, reading, share, whole, word, type Variable } from './fields.ts'

/** Variables for the replay of a trace. */
export const traceVariables = {
  TRACE: {
    ...word('path of a trace file, from where k6 is started, or else from beside the script'),
    group: 'load',
    meaning:
      "Trace to replay: Azure, BurstGPT, Mooncake, agents' conversations, our own format, or a packed one.",
    example: 'traces/azure-conv.csv',
  },
  SPEED: {
    ...numeric({ min: 0.001, max: 10_000 }),
    group: 'load',
    default: '1',
    unit: 'times',
    meaning: 'How many times as fast a trace is played.',
    example: '10',
  },
  TRACE_FROM: {
    type: 'time in the trace',
    accepted: 'a duration from the first request of the trace, or busiest',
    schema: () => reading(readWindowStart),
    group: 'load',
    default: '0s',
    meaning: 'Where the replayed window begins; `busiest`: the TRACE_FOR with most requests.',
    example: '2h',
  },
  TRACE_FOR: {
    ...duration({ min: '1ms', max: '8760h' }),
    group: 'load',
    meaning: "Length of the window in the trace's own time; without it, to the end.",
    example: '10m',
  },
  TRACE_SAMPLE: {
    ...share(),
    group: 'load',
    default: '1',
    meaning: "Share of the trace's requests to send; conversations stay whole.",
    example: '10%',
  },
  TRACE_RATE: {
    ...numeric({ min: 0.001, max: 1000 }),
    group: 'load',
    default: '1',
    unit: 'times',
    meaning: "Factor on the trace's rate over the same time; bursts stay bursts.",
    example: '2.5',
  },
  TRACE_SPREAD: {
    ...choice('auto', 'off'),
    group: 'load',
    default: 'auto',
    meaning:
      'Times that were rounded are spread over what they were rounded to; `off` keeps bursts that are real.',
    example: 'off',
  },
  TRACE_UNIT: {
    ...choice('auto', 's', 'ms', 'us', 'ns'),
    group: 'load',
    default: 'auto',
    meaning: "Unit of a trace's times; `auto`: told by format, column and size.",
    example: 'ms',
  },
  BLOCK_TOKENS: {
    ...whole({ min: 1, max: 1_000_000 }),
    group: 'load',
    unit: 'tokens',
    meaning:
      "Tokens in a block of a trace's prefix ids; without it, told by the ids and the input lengths.",
    example: '16',
  },
  MAX_INPUT_TOKENS: {
    ...whole({ min: 1, max: 10_000_000 }),
    group: 'load',
    unit: 'tokens',
    meaning:
      "Longest prompt; a trace's longer ones are cut, and counted. Given texts are sent whole.",
    example: '8192',
  },
  MAX_OUTPUT_TOKENS: {
    ...whole({ min: 1, max: 10_000_000 }),
    group: 'load',
    unit: 'tokens',
    meaning: "Longest answer; a trace's longer ones are cut, and counted.",
    example: '1024',
  },
  MAX_MODEL_LEN: {
    ...whole({ min: 2, max: 100_000_000 }),
    group: 'load',
    unit: 'tokens',
    meaning: "The model's context: prompt and answer of a trace's request are cut to fit.",
    example: '32768',
  },
} as const satisfies Record<string, Variable>
