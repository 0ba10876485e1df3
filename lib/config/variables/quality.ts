import { names, share, type Variable } from './fields.ts'

/** Variables for grading answers under load. */
export const qualityVariables = {
  GRADED_SHARE: {
    ...share(),
    group: 'quality',
    default: '0',
    meaning:
      'Share of requests whose answers are graded, once their times are taken. Only these keep their text, for so long.',
    example: '10%',
  },
  GRADER: {
    ...names('graders'),
    group: 'quality',
    meaning:
      'What grades them: `exact`, `same`, `contains`, `regex`, `choice`, `number`, `json`, `json_schema`, `tool_call`, `f1`, `degeneration`, or those of the script; without it, what fits the right answer that is known, and `degeneration`.',
    example: 'number,degeneration',
  },
} as const satisfies Record<string, Variable>
