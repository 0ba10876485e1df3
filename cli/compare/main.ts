import { parseArgs } from '../arguments.ts'
import {
  COMPARE_DEFAULTS,
  compareRuns,
  comparisonClosing,
  comparisonShown,
  gate,
  gateClosing,
  gateJunit,
  gateShown,
  GUARDS,
  labelsOf,
  parseTolerance,
  trendsOf,
} from '../../lib/compare/index.ts'
import { DEFAULT_FIGURES, FIGURE_IDS } from '../../lib/runs/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import type { CompareOptions, Tolerance } from '../../lib/compare/index.ts'
import { asUsage, guarded, TERMINAL, UsageError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { NOT_JUDGED } from '../k6-process/index.ts'
import { readRuns } from '../run-folder/index.ts'
import { OUTPUT_HELP, OUTPUT_OPTIONS, write } from '../output/index.ts'
import { comparisonPage } from './page.ts'
import { trendOutput } from './trend.ts'

/** Exit codes beyond 0, 1 (file) and 2 (command line). */
const REGRESSION = 3

const HELP = `Compares runs: how much did each figure change, and is the change more than chance?

  k6-inference compare BEFORE AFTER [MORE…]
  k6-inference compare --gate BASELINE --tolerance ttft_p95=10% AFTER
  k6-inference compare --trend FOLDER

A run is a folder with request records (.jsonl) and results (.json), or one such file; a folder of
run folders holds repeats of one run. A single run gives intervals if it has request records;
without them, repeats are needed. The first run is compared with each of the others.

  --figure ID          figure to compare; may be repeated, or a list a,b
                       (${DEFAULT_FIGURES.join(',')};
                       quality and judge as well where both sides have them)
  --alpha P            largest probability of any false finding, over all figures (${COMPARE_DEFAULTS.alpha})
  --min-effect P%      smallest change that matters (${100 * COMPARE_DEFAULTS.minEffect}%)
  --min-share-effect Ppp  smallest change of a share that matters, percentage points (${100 * COMPARE_DEFAULTS.minShareEffect}pp)
  --allow KIND         accept an intended difference between the runs: ${GUARDS.join(', ')}
  --resamples N        bootstrap resamples (${COMPARE_DEFAULTS.resamples})
  --seed N             seed of the bootstrap (${COMPARE_DEFAULTS.seed})
  --gate BASELINE      judge AFTER against BASELINE by tolerances; exit code ${REGRESSION}: worse than
                       tolerated, ${NOT_JUDGED}: not comparable
  --tolerance ID=P%    how much worse a figure may get (shares: ID=Ppp); may be repeated, or a list
  --strict             an unclear result fails the gate too (exit code ${NOT_JUDGED})
  --trend FOLDER       figures of all runs in a folder over time, and where they shifted for good
${OUTPUT_HELP}

Figures: ${FIGURE_IDS}.

Examples:

  k6-inference compare results/yesterday results/today
  k6-inference compare results/vllm results/sglang results/trtllm --allow model -o compare.html
  k6-inference compare --gate baseline/ --tolerance ttft_p95=10%,tpot_p50=5%,error_share=1pp \\
      results/today --format markdown -o gate.xml
  k6-inference compare --trend results --figure ttft_p95,tpot_p50 -o trend.html
`

/** `k6-inference compare`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded('compare', () => compare(argv, terminal), terminal)
}

async function compare(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...OUTPUT_OPTIONS,
      figure: { type: 'string', multiple: true },
      alpha: { type: 'string' },
      'min-effect': { type: 'string' },
      'min-share-effect': { type: 'string' },
      allow: { type: 'string', multiple: true },
      resamples: { type: 'string' },
      seed: { type: 'string' },
      gate: { type: 'string' },
      tolerance: { type: 'string', multiple: true },
      strict: { type: 'boolean', default: false },
      trend: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    terminal.out(HELP)
    return 0
  }
  const problems: string[] = []
  const tolerances = listOf(values.tolerance).flatMap((text): Tolerance[] => {
    const parsed = parseTolerance(text)
    if ('id' in parsed) return [parsed]
    problems.push(parsed.problem)
    return []
  })
  const options = optionsOf(values, problems)
  if (values.trend !== undefined && (values.gate !== undefined || positionals.length > 0))
    problems.push('--trend takes one folder and no other runs')
  const wanted = values.gate === undefined ? 2 : 1
  if (
    values.trend === undefined &&
    (positionals.length < wanted || (values.gate !== undefined && positionals.length > 1))
  )
    problems.push(
      values.gate === undefined
        ? `${positionals.length} runs given; at least two are needed`
        : `${positionals.length} runs given besides the baseline; exactly one is needed`,
    )
  if (values.gate !== undefined && tolerances.length === 0)
    problems.push('--gate needs a --tolerance, such as ttft_p95=10%')
  if (values.gate === undefined && (tolerances.length > 0 || values.strict))
    problems.push('--tolerance and --strict belong to --gate')
  if (problems.length > 0) throw new UsageError(problems.join('\n'))

  // Distributions and timelines are for the page alone.
  const read = { detail: values.out?.some((file) => file.endsWith('.html')) === true }
  if (values.gate !== undefined) {
    const before = await readRuns(values.gate, read)
    const after = await readRuns(positionals[0] as string, read)
    // Alpha is shared only by the figures that are judged.
    const figures = options.figures ?? tolerances.map((tolerance) => tolerance.id)
    const all = [...new Set([...figures, ...tolerances.map((tolerance) => tolerance.id)])]
    const [comparison] = asUsage(() => compareRuns(before, [after], { ...options, figures: all }))
    const judged = gate(comparison as NonNullable<typeof comparison>, tolerances)
    const junit = gateJunit(judged, values.strict)
    const labels = labelsOf([before, after])
    const shown = [gateShown(judged, labels)]
    const closing = gateClosing(judged, shown)
    const page = () => comparisonPage([judged.comparison], [before, after], labels)
    await write({ shown, data: judged, junit, closing, page }, values, terminal)
    if (judged.status === 'failed') return REGRESSION
    if (judged.status === 'not comparable') return NOT_JUDGED
    return judged.status === 'unclear' && values.strict ? NOT_JUDGED : 0
  }
  if (values.trend !== undefined) {
    const { figures, alpha } = options
    // Report an unknown figure before reading any files.
    asUsage(() => trendsOf([], figures ?? DEFAULT_FIGURES))
    await write(await trendOutput(values.trend, { figures, alpha }, terminal), values, terminal)
    return 0
  }
  const sides: Run[][] = []
  for (const given of positionals) sides.push(await readRuns(given, read))
  const [first = [], ...others] = sides
  const comparisons = asUsage(() => compareRuns(first, others, options))
  const labels = labelsOf(sides)
  const shown = comparisons.map((one) => comparisonShown(one, labels))
  const closing = comparisonClosing(comparisons, shown)
  const page = () => comparisonPage(comparisons, sides, labels)
  await write({ shown, data: comparisons, closing, page }, values, terminal)
  return 0
}

function optionsOf(
  values: {
    figure?: string[] | undefined
    alpha?: string | undefined
    'min-effect'?: string | undefined
    'min-share-effect'?: string | undefined
    allow?: string[] | undefined
    resamples?: string | undefined
    seed?: string | undefined
  },
  problems: string[],
): CompareOptions {
  const number = (name: 'alpha' | 'resamples' | 'seed') => {
    const text = values[name]
    if (text === undefined) return undefined
    if (!/^\d+(\.\d+)?$/.test(text)) problems.push(`--${name} ${text}: a number is accepted`)
    return Number(text)
  }
  const share = (name: 'min-effect' | 'min-share-effect', unit: string) => {
    const text = values[name]
    if (text === undefined) return undefined
    const [, digits, given] = /^(\d+(?:\.\d+)?)\s*(%|pp)$/.exec(text) ?? []
    if (digits === undefined || given !== unit)
      problems.push(`--${name} ${text}: accepted: a number and ${unit}, such as 2${unit}`)
    return Number(digits) / 100
  }
  const allow = listOf(values.allow)
  for (const kind of allow)
    if (!(GUARDS as readonly string[]).includes(kind))
      problems.push(`--allow ${kind}: accepted: ${GUARDS.join(', ')}`)
  return {
    figures: values.figure && listOf(values.figure),
    alpha: number('alpha'),
    minEffect: share('min-effect', '%'),
    minShareEffect: share('min-share-effect', 'pp'),
    allow,
    resamples: number('resamples'),
    seed: number('seed'),
  }
}

function listOf(values: readonly string[] | undefined): string[] {
  return (values ?? []).flatMap((text) => text.split(',')).filter((text) => text !== '')
}
