import { choice, pattern, share, someOf, word, type Variable } from './fields.ts'

/** Variables for what a run writes. */
export const resultVariables = {
  RESULTS: {
    ...word('a folder, or none'),
    group: 'results',
    default: 'results',
    meaning: 'Folder for the result files, which must exist: k6 makes none. `none` writes nothing.',
    example: 'out/tonight',
  },
  FORMATS: {
    ...someOf('json', 'md', 'csv', 'junit', 'none'),
    group: 'results',
    default: 'json',
    meaning: 'Files that the summary writes into RESULTS.',
    example: 'json,junit',
  },
  RECORDS: {
    ...choice('off', 'on', 'gaps', 'text', 'all'),
    group: 'results',
    default: 'off',
    meaning:
      'One JSON line per request on the console: `gaps` with the gaps between chunks, `text` with answers, `all` with both. Run k6 with `--log-format raw --console-output FILE`.',
    example: 'on',
  },
  REDACT: {
    ...pattern(),
    group: 'results',
    meaning:
      'What becomes `***` in every kept prompt and answer (KEEP_ANSWERS, RECORDS=text), besides the key. Case counts.',
    example: '[\\w.+-]+@[\\w.-]+',
  },
  GAP_SAMPLING: {
    ...share(),
    group: 'results',
    meaning: 'Share of gaps between chunks kept for ITL; without it, by the length of the run.',
    example: '0.1',
  },
} as const satisfies Record<string, Variable>
