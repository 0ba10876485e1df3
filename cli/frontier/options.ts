import path from 'node:path'
import { defaultAxes } from '../../lib/frontier/index.ts'
import type { FigureLimit, Price } from '../../lib/frontier/index.ts'
import { parseArgs } from '../arguments.ts'
import { UsageError } from '../command.ts'
import { OUTPUT_HELP, OUTPUT_OPTIONS } from '../output/index.ts'
import type { OutputValues } from '../output/index.ts'
import { limitOf, PRICE_HELP, PRICE_OPTIONS, pricesOf } from './prices.ts'

export const HELP = `Sets the quality of several results against their speed and cost: which are worth choosing?

  k6-inference frontier [NAME=]RUN [NAME=]RUN… [options]

A run is a folder, a records file (.jsonl) or a results file (.json) of a run that graded answers
(GRADED_SHARE). A result is dominated only where the intervals prove it. One that breaks its own limits,
or one given here, is crossed out.

  --against LIST       figures to set quality against (${defaultAxes(false).join(',')},
                       and with prices cost_per_million,cost_per_good)
  --quality GRADER     grader whose score is the quality (all: every grader), or judge
  --limit ID=VALUE     limit on a figure, a floor where more is better: ttft_p95=800, quality=90%;
                       may be repeated, or a list
${PRICE_HELP}
${OUTPUT_HELP}

Example:
  k6-inference frontier fp16=results/fp16 int4=results/int4 --hour fp16=5.2 --hour int4=2.6 \\
      --limit quality=90% -o frontier.html
`

export interface FrontierArguments {
  help: boolean
  runs: readonly { name: string; path: string }[]
  prices: ReadonlyMap<string, Price>
  against: readonly string[]
  grader: string
  limits: readonly FigureLimit[]
  currency: string
  output: OutputValues
}

/** @throws UsageError that names every problem */
export function readOptions(argv: readonly string[]): FrontierArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...OUTPUT_OPTIONS,
      ...PRICE_OPTIONS,
      against: { type: 'string' },
      quality: { type: 'string', default: 'all' },
      limit: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const problems: string[] = []
  const runs = positionals.map((text) => {
    const [, name, given] = /^([\w.-]+)=(.+)$/s.exec(text) ?? []
    return name === undefined || given === undefined
      ? { name: path.basename(path.resolve(text)).replace(/\.jsonl?$/, ''), path: text }
      : { name, path: given }
  })
  const names = runs.map(({ name }) => name)
  const twice = names.filter((name, i) => names.indexOf(name) !== i)
  if (twice.length > 0) {
    problems.push(
      `two results are named ${[...new Set(twice)].join(', ')}; accepted: NAME=RUN with names of their own`,
    )
  }
  const prices = pricesOf(values, names, problems)
  const limits = values.limit
    .flatMap((text) => text.split(','))
    .flatMap((text) => limitOf(text, problems) ?? [])
  if (!values.help && runs.length < 2)
    problems.push(`${runs.length} runs given; at least two are needed`)
  if (problems.length > 0 && !values.help) throw new UsageError(problems.join('\n'))
  return {
    help: values.help,
    runs,
    prices,
    against: values.against?.split(',').map((id) => id.trim()) ?? defaultAxes(prices.size > 0),
    grader: values.quality,
    limits,
    currency: values.currency,
    output: values,
  }
}
