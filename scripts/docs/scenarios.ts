import { format } from 'prettier'
import { describeVariables, type ShapeName, type VariableDoc } from '../../lib/config/index.ts'
import { scenarioDocs, type ScenarioDoc } from './definitions.ts'

const SHAPES: Readonly<Record<ShapeName, string>> = {
  steady: 'Constant load: `warmup`, `steady`.',
  ramp: 'Load that rises and stays: `warmup`, `ramp`, `hold`.',
  spike:
    'A sudden peak: `warmup`, `baseline`, `spike`, `recovery`. The summary tells the time to recover: from the end of the spike until the SLO holds again.',
  soak: 'Constant load for long: `warmup`, `soak`. The summary compares the first third with the last, and tests every figure for a trend.',
  daily:
    'Days between an off-peak and a peak load, compressed: a raised cosine of `CYCLES` days of `CYCLE_DURATION`. Figures by time of day: `off-peak`, `rise`, `peak`, `fall`.',
  'concurrency-sweep':
    'Closed loop, step by step: `settle` (not measured), then `c1`, `c2`, `c4` … by `STEPS`. Figures a step, the highest step that keeps the SLO, and the knee: the step of greatest power (completed requests/s / mean E2E), or "no knee found" where that is the first or the last step.',
  'rate-sweep': 'The same over arrival rates: `r1`, `r2`, `r4` …',
  'cold-start':
    'The first requests apart from the rest: `idle` (nothing is sent), `cold` (`COLD_REQUESTS`), `warm`, `CYCLES` times. Neither preflight nor calibration touch the model before, so set `MODEL` where the server lists several.',
  batch:
    'Closed loop, `CONCURRENCY` requests in flight for `DURATION`: output tokens/s is the result.',
  failover:
    'Constant load over `BASE_URLS`: requests, share, errors and the outage of each endpoint (from the first slice with more failures than `SLO_ERROR_RATE` to the end of the last). A failed request is not sent again elsewhere.',
  trace:
    'A recorded trace: every request once, at its time. Its own lengths, prompts, applications and shared prefixes are used; late requests are late, not lost.',
}

const GROUPS = ['server', 'load', 'requests', 'deadlines', 'service level', 'results', 'run']

/** The text of docs/scenarios.md. */
export async function scenariosPage(): Promise<string> {
  const scenarios = await scenarioDocs()
  return format(pageOf(scenarios), { parser: 'markdown', printWidth: 100 })
}

function pageOf(scenarios: readonly ScenarioDoc[]): string {
  const used = [...new Set(scenarios.map(({ shape }) => shape))]
  return [
    '# Scenarios',
    '',
    'Written by `npm run docs` from the scenarios and the schema of the variables. Every scenario is one',
    'file: `k6 run -e BASE_URL=http://host:8000/v1 dist/NAME.js`, each variable below as `-e NAME=value`.',
    '',
    ...table(
      ['scenario', 'shape', 'what it is for'],
      scenarios.map(({ name, shape, meaning }) => {
        return [`[\`${name}\`](#${name})`, `[${shape}](#${anchor(shape)})`, meaning]
      }),
    ),
    '',
    '## Shapes',
    '',
    ...(Object.keys(SHAPES) as ShapeName[])
      .filter((shape) => used.includes(shape))
      .flatMap((shape) => [`### Shape ${shape}`, '', SHAPES[shape], '']),
    '## Arrivals',
    '',
    'An open loop sends at the times of its schedule whatever the server does. `ARRIVALS=constant` is',
    "played by k6's own arrival-rate executors: when no VU is free a request is dropped, and counted.",
    '`poisson` and `gamma` (and traces) are computed from `SEED` before the run, kept once for all VUs,',
    'and played by `shared-iterations`: each request is sent once, over all execution segments too; when',
    'all VUs are busy it is late, not lost. Latencies are given from sending and from the due time',
    '(`llm_ttft_due`, `llm_e2e_due`), the lateness of each start as `llm_lateness`.',
    '',
    ...scenarios.flatMap(scenarioSection),
    '## All variables',
    '',
    ...GROUPS.flatMap(groupSection),
  ].join('\n')
}

const anchor = (shape: string) => `shape-${shape}`

function scenarioSection({ name, shape, defaults, meaning }: ScenarioDoc): string[] {
  const own = describeVariables().filter((v) => v.shapes !== 'all' && v.shapes.includes(shape))
  const set = Object.entries(defaults).map(([key, value]) => `\`${key}=${value}\``)
  return [
    `## ${name}`,
    '',
    meaning,
    '',
    `Shape: [${shape}](#${anchor(shape)}). Its load: ${own.map((v) => `\`${v.name}\``).join(', ')}.`,
    ...(set.length === 0 ? [] : ['', `Defaults of its own: ${set.join(', ')}.`]),
    '',
  ]
}

function groupSection(group: string): string[] {
  const rows = describeVariables().filter((variable) => variable.group === group)
  if (rows.length === 0) throw new Error(`no variable belongs to the group ${group}`)
  return [
    `### Group ${group}`,
    '',
    ...table(['variable', 'default', 'unit', 'meaning', 'accepted', 'example'], rows.map(row)),
    '',
  ]
}

function row(v: VariableDoc): string[] {
  return [
    `\`${v.name}\``,
    v.default === undefined ? '' : `\`${v.default}\``,
    v.unit ?? '',
    v.meaning + (v.shapes === 'all' ? '' : ` Shapes: ${v.shapes.join(', ')}.`),
    v.accepted,
    `\`${v.example}\``,
  ]
}

function table(heading: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.map((c) => c.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)]
}
