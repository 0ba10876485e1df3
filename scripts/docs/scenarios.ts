import { format } from 'prettier'
import { describeShapes, describeVariables, type VariableDoc } from '../../lib/config/index.ts'
import { latencyLimits, metricDef } from '../../lib/metrics/index.ts'
import { scenarioDocs, type ScenarioDoc } from './definitions.ts'

const GROUPS = ['server', 'load', 'requests', 'deadlines', 'quality', 'service level', 'results', 'run']

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
    '`npm run docs` writes this page from the scenarios and the schema of the variables. Run a scenario with',
    '`k6 run -e BASE_URL=http://host:8000/v1 dist/NAME.js`; set each variable below with `-e NAME=value`.',
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
    ...describeShapes()
      .filter(({ name }) => used.includes(name))
      .flatMap(({ name, meaning }) => [`### Shape ${name}`, '', meaning, '']),
    '## Arrivals',
    '',
    'An open loop sends requests at the times of its schedule, whatever the server does. With',
    "`ARRIVALS=constant`, k6's own arrival-rate executors play the schedule; if no VU is free, a request is",
    'dropped and counted. `poisson`, `gamma` and traces are computed from `SEED` before the run, stored once',
    'for all VUs, and played by `shared-iterations`. Each request is then sent exactly once, also over several',
    'execution segments; if all VUs are busy it is late, not lost. Latencies are given both from sending and',
    'from the due time (`llm_ttft_due`, `llm_e2e_due`); `llm_lateness` is the lateness of each start.',
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
  const own = describeVariables().filter((variable) => variable.group === group)
  if (own.length === 0) throw new Error(`no variable belongs to the group ${group}`)
  const generated = new Set<string>(latencyLimits().map(({ variable }) => variable))
  const rows = own.filter(({ name }) => !generated.has(name)).map(row)
  const limits = rows.length < own.length ? limitRows() : []
  return [
    `### Group ${group}`,
    '',
    ...table(
      ['variable', 'default', 'unit', 'meaning', 'accepted', 'example'],
      [...limits, ...rows],
    ),
    '',
  ]
}

/** A row a latency, of all limits that it can have. */
function limitRows(): string[][] {
  return [...new Set(latencyLimits().map(({ metric }) => metric))].map((metric) => {
    const own = latencyLimits().filter((limit) => limit.metric === metric)
    const [first, ...others] = own.map(({ variable }) => variable)
    const stem = first!.replace(/_[^_]*$/, '')
    const names = [`\`${first}\``, ...others.map((name) => `\`${name.slice(stem.length)}\``)]
    const { formula } = metricDef(metric)!
    const meaning = `Limit of a percentile, or of the mean, of ${own[0]!.title}: ${formula}.`
    const { accepted } = describeVariables().find(({ name }) => name === first)!
    return [names.join(', '), '', 'ms', meaning, accepted, `\`${own[2]!.variable}=800\``]
  })
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
