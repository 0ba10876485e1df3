import {
  body,
  choice,
  leaving,
  lengths,
  numeric,
  share,
  whole,
  word,
  type Variable,
} from './fields.ts'

/** Variables for what is sent. */
export const contentVariables = {
  INPUT_TOKENS: {
    ...lengths(),
    group: 'requests',
    default: 'lognormal(500,0.6)',
    unit: 'tokens',
    meaning: 'Length of the prompts.',
    example: 'uniform(100,900)',
  },
  OUTPUT_TOKENS: {
    ...lengths(),
    group: 'requests',
    default: 'lognormal(200,0.6)',
    unit: 'tokens',
    meaning: 'Length of the answers asked for.',
    example: '256',
  },
  BODY: {
    ...body(),
    group: 'requests',
    meaning:
      'Merged into the body of every request (RFC 7396: objects are merged, null drops a field). Not shown in messages; in results, values under names of secrets are masked.',
    example: '{"chat_template_kwargs": {"enable_thinking": false}, "temperature": null}',
    secret: true,
  },
  CANCEL_SHARE: {
    ...share(),
    group: 'requests',
    default: '0',
    meaning:
      'Share of requests whose users leave: the connection is closed before the answer ends. Neither failed nor in latencies.',
    example: '5%',
  },
  CANCEL_AFTER: {
    ...leaving(),
    group: 'requests',
    default: '20 tokens',
    meaning:
      "When they leave: after so many tokens (content chunks; noticed up to 0.5 s later with the project's own k6), or so long after sending. Shorter answers complete.",
    example: '2s',
  },
  TEMPERATURE: {
    ...numeric({ min: 0, max: 5 }),
    group: 'requests',
    meaning: "Sampling temperature; without it, the server's own.",
    example: '0',
  },
  IGNORE_EOS: {
    ...choice('auto', 'on', 'off'),
    group: 'requests',
    default: 'auto',
    meaning: 'Generate to the asked length past the end token; `auto`: where the server takes it.',
    example: 'off',
  },
  DATASET: {
    ...word(
      'path of a .jsonl, .csv or .tsv file, from where k6 is started, or else from beside the script',
    ),
    group: 'requests',
    meaning:
      'Your own prompts instead of synthetic ones: `prompt` or `messages`, optional `system`, `max_tokens`, `expected`, `app`.',
    example: 'data/prompts.jsonl',
  },
  CACHE: {
    ...choice('cold', 'shared', 'natural'),
    group: 'requests',
    default: 'cold',
    meaning:
      'What the prefix cache meets: `cold`: no two prompts begin alike; `shared`: PREFIX_SHARE of each is one of PREFIX_POOL prefixes; `natural`: some prefixes are more frequent (data sets: prompts as they are).',
    example: 'shared',
  },
  PREFIX_SHARE: {
    ...share(),
    group: 'requests',
    default: '0.5',
    meaning: 'Share of each prompt that is a shared prefix.',
    example: '80%',
  },
  PREFIX_POOL: {
    ...whole({ min: 1, max: 1_000_000 }),
    group: 'requests',
    default: '1',
    unit: 'prefixes',
    meaning: 'Number of different shared prefixes.',
    example: '20',
  },
  BATCH_SIZE: {
    ...whole({ min: 1, max: 2048 }),
    group: 'requests',
    default: '1',
    unit: 'texts',
    meaning: 'Texts per request, for embeddings and completions.',
    example: '32',
  },
  MIX: {
    ...word('kinds with weights, such as chat:60,rag:30,code:10'),
    group: 'requests',
    meaning: 'Applications of the mix and their weights.',
    example: 'chat:60,rag:30,code:10',
  },
  TURNS: {
    ...lengths(),
    group: 'requests',
    unit: 'turns',
    meaning: 'Turns of a conversation or an agent session; without it, that of its kind.',
    example: 'uniform(2,6)',
  },
  THINK_TIME: {
    ...lengths(),
    group: 'requests',
    unit: 'ms',
    meaning: 'Pause before each further turn, a distribution; without it, that of its kind.',
    example: 'lognormal(5000,0.8)',
  },
  TURN_TOKENS: {
    ...lengths(),
    group: 'requests',
    unit: 'tokens',
    meaning: 'Length of each message after the first of a conversation.',
    example: '64',
  },
  CALIBRATION: {
    ...word('auto, off, JSON of a calibration, or the path of one'),
    group: 'requests',
    default: 'auto',
    meaning:
      "Prompt lengths by the server's own count: `auto` learns it before the load; a saved one (RESULTS/NAME.calibration.json) can be passed as path or JSON, which pods of one run need.",
    example: 'results/chat-steady.calibration.json',
  },
} as const satisfies Record<string, Variable>
