import { parseArgs, variablesOf } from '../arguments.ts'
import { maskUrl } from '../../lib/safe-text/index.ts'
import { UsageError } from '../command.ts'
import type { KeyPlace } from '../key.ts'
import { FLAG_HELP, FLAG_OPTIONS, flagVariables } from './flags.ts'

export interface RunOptions {
  /** A scenario's name or a script's path. */
  script: string
  /** Variables given with `-e` or an option of their own, by name. */
  variables: Record<string, string>
  key: KeyPlace
  repeat: number
  /** Ends the load once every limit is decided. */
  untilDecided: boolean
  /** Base URL of the second target of an A/B run. */
  against: string | undefined
  /** Folder in which the run's folder is made. */
  out: string
  formats: string
  /** Arguments after `--`, passed to k6. */
  k6Args: string[]
  help: boolean
}

export const HELP = `Runs a scenario with k6 and keeps everything in a new folder: results, request records, reports.

  k6-inference run SCENARIO | SCRIPT [options] [-- k6's options]

${FLAG_HELP}

  --repeat N            run it N times; compare then uses the variance between runs (default 1)
  --until decided       end the load as soon as every limit that is set is decided, kept or missed, with at
                        most 5 % of such runs deciding one wrongly; for loads with one measured phase
  --max-duration D      with --until: end it after this long at the latest (default 30m)
  --against URL         A/B test: run against --url and against URL in turn (A B, B A, …), so that
                        drift of the machines affects both alike; then compare
  --out DIR             folder in which the run's folder is created (default results)
  --formats LIST        reports to write: html, json, md, csv, junit, text (default html,md)

The folder is named by time and scenario. RECORDS is on unless -e RECORDS says otherwise. A key never belongs
on the command line, which other users of the machine can read.

--until decided makes the report from the records: k6 makes no summary of its own.

Exit code: k6's own; of several runs, the worst (99: an SLO was missed). A load that ended at MAX_REQUESTS
and the like has a normal end. 4: with STRICT, a limit is undecided.

Examples:
  k6-inference run chat-spike --url http://localhost:8000/v1 --rate 5 -e SLO_TTFT_P95=800
  k6-inference run chat-steady --repeat 5 --duration 2m
  k6-inference run chat-steady --rate 20 -e SLO_TTFT_P99=800 --until decided --max-duration 30m
  k6-inference run chat-steady --repeat 3 --against http://other:8000/v1
  k6-inference run my-script.js -- --tag testid=tonight
`

/** Set by this program: another value would put the results outside the run's folder. */
const OURS: Record<string, string> = { RESULTS: '--out names the folder' }

/** @throws UsageError that names everything that is wrong */
export function parseRun(argv: readonly string[]): RunOptions {
  const at = argv.indexOf('--')
  const own = at < 0 ? argv : argv.slice(0, at)
  const { values, positionals } = parseArgs({
    args: [...own],
    allowPositionals: true,
    options: {
      ...FLAG_OPTIONS,
      env: { type: 'string', short: 'e', multiple: true, default: [] },
      repeat: { type: 'string', default: '1' },
      until: { type: 'string' },
      'max-duration': { type: 'string' },
      against: { type: 'string' },
      out: { type: 'string', default: 'results' },
      formats: { type: 'string', default: 'html,md' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const problems: string[] = []
  const variables = variablesOf(values.env, OURS, problems)
  Object.assign(variables, flagVariables(values, variables, problems))
  const key = { file: values['key-file'], env: values['key-env'] }
  if (key.file !== undefined && key.env !== undefined) {
    problems.push('--key-file and --key-env are both given')
  }
  const repeat = Number(values.repeat)
  if (!Number.isInteger(repeat) || repeat < 1 || repeat > 1000) {
    problems.push(`--repeat is "${values.repeat}"; accepted: a whole number, 1 to 1000`)
  }
  if (values.against !== undefined && !/^https?:\/\/[^\s]+$/.test(values.against)) {
    problems.push(
      `--against is "${maskUrl(values.against)}"; accepted: the base URL of a server (http…)`,
    )
  }
  const longest = values['max-duration'] ?? variables['DURATION']
  problems.push(...untilProblems(values, variables))
  const [script = '', ...more] = positionals
  if (!values.help) {
    if (script === '') problems.push('no scenario given (chat-steady, chat-spike, …)')
    if (more.length > 0) problems.push(`one scenario at a time; also got ${more.join(', ')}`)
  }
  if (problems.length > 0) throw new UsageError(problems.join('; '))
  const { against, out, formats, help } = values
  if (values.until !== undefined) variables['DURATION'] = longest ?? MOST
  return {
    script,
    variables,
    key,
    repeat,
    untilDecided: values.until !== undefined,
    against,
    out,
    formats,
    k6Args: at < 0 ? [] : argv.slice(at + 1),
    help,
  }
}

/** Longest duration of a load that ends when it is decided. */
const MOST = '30m'

function untilProblems(
  { until, 'max-duration': longest }: { until?: string; 'max-duration'?: string },
  variables: Readonly<Record<string, string>>,
): string[] {
  const problems: string[] = []
  if (until !== undefined && until !== 'decided')
    problems.push(`--until is "${until}"; accepted: decided`)
  if (longest === undefined) return problems
  if (until === undefined) problems.push('--max-duration goes with --until decided')
  if (variables['DURATION'] !== undefined)
    problems.push('--max-duration and -e DURATION say the same; give one of them')
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(longest))
    problems.push(`--max-duration is "${longest}"; accepted: a duration such as 90s, 30m, 1h30m`)
  return problems
}
