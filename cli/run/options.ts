import { parseArgs } from 'node:util'
import { UsageError } from '../command.ts'

export interface RunOptions {
  /** A scenario's name or a script's path. */
  script: string
  /** `-e` of the command line, by name. */
  variables: Record<string, string>
  repeat: number
  /** Base URL of the second target of an A/B run. */
  against: string | undefined
  /** Folder in which the run's folder is made. */
  out: string
  formats: string
  /** Whatever comes after `--`, for k6 itself. */
  k6Args: string[]
  help: boolean
}

export const HELP = `Runs a scenario with k6 and keeps everything of the run in a folder of its own:
results, request records, HTML report.

  k6-inference run SCENARIO | SCRIPT.js [-e NAME=value ...] [options] [-- k6's options]

  -e NAME=value      a variable of the scenario, may be given more than once
  --repeat N         run it N times; compare takes the variance between them (default 1)
  --against URL      A/B: run each time against BASE_URL and against URL, taking turns (A B, B A, …)
                     so that a drift of the machines strikes both; then compare
  --out DIR          folder in which the run's folder is made (default results)
  --formats LIST     reports to write: html, md, csv, junit, text (default html,md)

The folder is named by time and scenario. RECORDS is on unless -e RECORDS says otherwise. Pass secrets
by the environment (API_KEY), not by -e: a command line can be read by others on the machine.

Exit code: k6's own, the worst of several runs (99: an SLO was missed).

Examples:
  k6-inference run chat-spike -e BASE_URL=http://localhost:8000/v1 -e RATE=5 -e SLO_TTFT_P95=800
  k6-inference run chat-steady --repeat 5 -e DURATION=2m
  k6-inference run chat-steady --repeat 3 --against http://other:8000/v1
  k6-inference run my-script.js -- --tag testid=tonight
`

/** Set by this program: a user's own value would tear the folder apart. */
const OURS: Record<string, string> = { RESULTS: '--out names the folder' }

/** @throws UsageError that names everything that is wrong */
export function parseRun(argv: readonly string[]): RunOptions {
  const at = argv.indexOf('--')
  const own = at < 0 ? argv : argv.slice(0, at)
  const { values, positionals } = parseArgs({
    args: [...own],
    allowPositionals: true,
    options: {
      env: { type: 'string', short: 'e', multiple: true, default: [] },
      repeat: { type: 'string', default: '1' },
      against: { type: 'string' },
      out: { type: 'string', default: 'results' },
      formats: { type: 'string', default: 'html,md' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const problems: string[] = []
  const variables: Record<string, string> = {}
  for (const text of values.env) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(text) ?? []
    if (name === undefined || value === undefined) {
      // The value may be a secret that lost its name.
      problems.push(`-e takes NAME=value, got ${JSON.stringify(text.split('=')[0])}`)
    } else if (OURS[name] !== undefined) problems.push(`-e ${name}: ${OURS[name]}`)
    else variables[name] = value
  }
  const repeat = Number(values.repeat)
  if (!Number.isInteger(repeat) || repeat < 1 || repeat > 1000) {
    problems.push(`--repeat is "${values.repeat}"; accepted: a whole number, 1 to 1000`)
  }
  if (values.against !== undefined && !/^https?:\/\/[^\s]+$/.test(values.against)) {
    problems.push(`--against is "${values.against}"; accepted: the base URL of a server (http…)`)
  }
  const [script = '', ...more] = positionals
  if (!values.help) {
    if (script === '') problems.push('which scenario? (chat-steady, chat-spike, …)')
    if (more.length > 0) problems.push(`one scenario at a time, got ${more.join(', ')} too`)
  }
  if (problems.length > 0) throw new UsageError(problems.join('; '))
  const { against, out, formats, help } = values
  return {
    script,
    variables,
    repeat,
    against,
    out,
    formats,
    k6Args: at < 0 ? [] : argv.slice(at + 1),
    help,
  }
}
