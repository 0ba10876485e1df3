import { readStart } from '../readers/moment.ts'
import { choice, flag, loadZones, names, reading, whole, word, type Variable } from './fields.ts'

/** Variables for how a test runs in several processes or in k6 Cloud. */
export const runVariables = {
  PREFLIGHT: {
    ...flag(),
    group: 'run',
    default: 'on',
    meaning: 'One streamed request before the load that finds out what the server can do.',
    example: 'off',
  },
  RUN_ID: {
    ...word('a name'),
    group: 'run',
    meaning:
      "Names the run. Processes that share a run must get the same one, and each run another: it makes the run's prompts unlike those of earlier runs, which a prefix cache may still hold. Without it, the moment of START_AT, else the time.",
    example: 'nightly-2026-03-01',
  },
  START_AT: {
    type: 'moment',
    accepted:
      'a date and time with zone (2026-03-01T02:00:00Z), or next: and a duration, 1s to 1h (next:30s)',
    schema: () => reading(readStart),
    group: 'run',
    meaning:
      'Earliest start of the load: lines up processes that share a run. `next:30s` is the next full half minute, at least half of that after the process was started; for it, set RUN_ID, too.',
    example: '2026-03-01T02:00:00Z',
  },
  CLOUD_PROJECT: {
    ...whole({ min: 1, max: 2 ** 31 - 1 }),
    group: 'run',
    meaning: 'Number of the project in k6 Cloud; without it, the default one of the account.',
    example: '3761234',
  },
  CLOUD_NAME: {
    ...word('a name'),
    group: 'run',
    meaning:
      "Name of the test in k6 Cloud, by which runs are compared; without it, the scenario's.",
    example: 'chat-spike on staging',
  },
  CLOUD_LOAD_ZONES: {
    ...loadZones(),
    group: 'run',
    meaning: 'Where the load comes from in k6 Cloud, with shares in percent.',
    example: 'amazon:us:ashburn=60,amazon:de:frankfurt=40',
  },
  CLOUD_STACK: {
    ...whole({ min: 1, max: 2 ** 31 - 1 }),
    group: 'run',
    meaning: 'Number of the Grafana Cloud stack; without it, the one that `k6 cloud login` stored.',
    example: '123456',
  },
  CLOUD_NOTE: {
    ...word('a text'),
    group: 'run',
    meaning: 'Note that k6 Cloud shows with the run.',
    example: 'vLLM 0.11, prefix cache off',
  },
  CLOUD_STATIC_IPS: {
    ...flag(),
    group: 'run',
    meaning:
      "Load from the organisation's static addresses in k6 Cloud, for servers with a firewall.",
    example: 'on',
  },
  CLOUD_DROP_METRICS: {
    ...names('metrics'),
    group: 'run',
    meaning: 'Metrics that k6 Cloud does not store, which are then not billed either.',
    example: 'llm_icl,tcp_reads',
  },
  CLOUD_DROP_TAGS: {
    ...names('tags'),
    group: 'run',
    meaning: 'Tags that k6 Cloud leaves out of all metrics: fewer series.',
    example: 'endpoint,app',
  },
  CLOUD_THRESHOLDS: {
    ...choice('all', 'judged'),
    group: 'run',
    default: 'all',
    meaning:
      'For `k6 cloud run`: `judged` registers only the thresholds that decide whether the run passed, not the hundreds by which k6 keeps the figures of its own summary. That summary is then left out, and results are not written; k6 Cloud has the figures.',
    example: 'judged',
  },
} as const satisfies Record<string, Variable>
