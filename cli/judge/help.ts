import { DEFAULT_SCALE, defaultPass } from '../../lib/judge/index.ts'
import { NOT_JUDGED } from '../k6-process/index.ts'
import { OUTPUT_HELP } from '../output/index.ts'

export const DEFAULTS = {
  api: 'chat',
  concurrency: 4,
  maxTokens: 1024,
  timeout: '1m',
  /** Not API_KEY, which is the tested server's. */
  keyVariable: 'JUDGE_API_KEY',
} as const

const { from, to } = DEFAULT_SCALE

export const HELP = `Lets a language model grade the answers that a run kept (KEEP_ANSWERS), after the run.

  k6-inference judge RUN --url URL --model NAME [options]

RUN is a folder, or a records file (.jsonl). What the judge says is kept in judged.jsonl beside it: report,
compare and frontier then show it as the grader "judge". What was judged is not asked for again.

  --url URL            server of the judge, such as http://localhost:9000/v1
  --model NAME         model to ask
  --api NAME           its wire format (default ${DEFAULTS.api})
  --key-file FILE      file that holds its key
  --key-env NAME       variable of the environment that holds its key (default ${DEFAULTS.keyVariable})
  --body JSON          changes to the body of requests, as the variable BODY makes them, such as
                       '{"response_format": {"type": "json_object"}}'
  --rubric FILE        text that says what a good answer is (default: correct, complete, clear)
  --scale FROM-TO      whole numbers that it may give (${from}-${to})
  --pass N             rating from which on an answer passes (two thirds up the scale: ${defaultPass(DEFAULT_SCALE)})
  --repeat N           judge each answer N times, which shows how consistent the judge is (1)
  --max-requests N     most requests, over all calls for this run
  --max-spend P        most that it may cost, over all calls for this run; needs --tokens
  --tokens IN,OUT[,CACHED]
                       price of a million tokens (cached input: as input)
  --currency NAME      currency of the prices (USD)
  --max-tokens N       longest reply, reasoning included (${DEFAULTS.maxTokens})
  --rate N             most requests/s (no limit)
  --concurrency N      requests at a time (${DEFAULTS.concurrency})
  --timeout T          longest time of a request (${DEFAULTS.timeout})
${OUTPUT_HELP}

Other variables for the judge's server are taken from the environment, as JUDGE_HEADERS, JUDGE_RESOLVE, JUDGE_TLS_CERT
and so on; HEADERS and API_KEY are those of the server that was tested, and are not used.

Exit code: 0, done, or ended by a bound; 1, the judge or a file cannot be used; ${NOT_JUDGED}, some answers got no score;
105, stopped by a signal.

Example:
  k6-inference judge results/20260102T030405-chat-steady --url https://api.example.com/v1 --model judge-model \\
      --key-env JUDGE_KEY --tokens 2.5,10 --max-spend 5 --rate 2
`
