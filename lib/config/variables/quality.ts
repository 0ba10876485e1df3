import { names, share, whole, type Variable } from './fields.ts'

/** Variables for grading answers under load, and for comparing them with those of an idle server. */
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
  KEEP_ANSWERS: {
    ...share(),
    group: 'quality',
    default: '0',
    meaning:
      'Share of requests whose prompt and answer are kept in the records, graded ones first; up to 5,000 per k6 scenario, 8,000 characters of each text. Without it no text is kept.',
    example: '5%',
  },
  COMPARED_SHARE: {
    ...share(),
    group: 'quality',
    default: '0',
    meaning:
      'Share of requests that repeat prompts which were answered before the load, one at a time: their answers are compared with those. Needs TEMPERATURE=0.',
    example: '20%',
  },
  IDLE_PROMPTS: {
    ...whole({ min: 1, max: 200 }),
    group: 'quality',
    default: '20',
    meaning: 'Number of prompts that COMPARED_SHARE repeats, for each endpoint.',
    example: '50',
  },
  IDLE_ANSWERS: {
    ...whole({ min: 2, max: 20 }),
    group: 'quality',
    default: '5',
    meaning:
      'How often each of them is answered before the load. A prompt whose second answer differs from its first is left out; the further answers show what chance alone changes.',
    example: '3',
  },
} as const satisfies Record<string, Variable>
