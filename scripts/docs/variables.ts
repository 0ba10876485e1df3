import { describeVariables, type VariableDoc } from '../../lib/config/index.ts'
import { latencyLimits, metricDef } from '../../lib/metrics/index.ts'
import { GENERATED, prose, wrapped } from './page.ts'

/** Groups of variables in the order of the page, with what each is about. */
const GROUPS: Readonly<Record<string, string>> = {
  server: 'The server',
  load: 'The load',
  requests: 'Requests',
  deadlines: 'Deadlines',
  'service level': 'Limits',
  results: 'Results',
  run: 'The run',
}

const LATENCY_LIMITS = new Set<string>(latencyLimits().map(({ variable }) => variable))

/** The text of docs/reference/variables.md. */
export function variablesPage(): Promise<string> {
  return wrapped([
    '# Variables',
    '',
    GENERATED,
    '',
    'Set each with `-e NAME=value`, in k6 as in `k6-inference run`, or in the environment. A wrong value ends the run',
    'before anything is sent, and all problems are reported at once. The defaults of a scenario go before those below',
    '([scenarios](../scenarios.md)).',
    '',
    ...Object.entries(GROUPS).map(([group, title]) => {
      return `- [${title}](#${title.toLowerCase().replaceAll(' ', '-')}): ${inGroup(group)
        .filter(({ name }) => !LATENCY_LIMITS.has(name))
        .map(({ name }) => `\`${name}\``)
        .join(', ')}`
    }),
    '',
    ...Object.keys(GROUPS).flatMap(groupSection),
  ])
}

function inGroup(group: string): VariableDoc[] {
  const own = describeVariables().filter((variable) => variable.group === group)
  if (own.length === 0) throw new Error(`no variable belongs to the group ${group}`)
  return own
}

function groupSection(group: string): string[] {
  const own = inGroup(group)
  const plain = own.filter(({ name }) => !LATENCY_LIMITS.has(name))
  return [
    `## ${GROUPS[group]}`,
    '',
    ...(plain.length < own.length ? limitSections() : []),
    ...plain.flatMap(section),
  ]
}

function section(v: VariableDoc): string[] {
  const shapes = v.shapes === 'all' ? '' : ` Shapes: ${v.shapes.join(', ')}.`
  return [
    `### ${v.name}`,
    '',
    prose(v.meaning + shapes),
    '',
    ...(v.default === undefined
      ? []
      : [`- default: \`${v.default}\`${v.unit ? ` (${v.unit})` : ''}`]),
    ...(v.default === undefined && v.unit ? [`- unit: ${v.unit}`] : []),
    `- accepted: ${prose(v.accepted)}`,
    `- example: \`${v.name}=${v.example}\``,
    '',
  ]
}

/** A section per latency, of all limits that it can have. */
function limitSections(): string[] {
  const { accepted } = describeVariables().find(({ name }) => LATENCY_LIMITS.has(name))!
  return [...new Set(latencyLimits().map(({ metric }) => metric))].flatMap((metric) => {
    const own = latencyLimits().filter((limit) => limit.metric === metric)
    const stem = own[0]!.variable.replace(/_[^_]*$/, '')
    const names = own.map(({ variable }) => `\`${variable}\``)
    return [
      `### ${stem}_…`,
      '',
      `${names.join(', ')}: limits of percentiles, and of the mean, of ${own[0]!.title}, ms. ` +
        `${own[0]!.title} is ${prose(metricDef(metric)!.formula)}.`,
      '',
      `- accepted: ${prose(accepted)}`,
      `- example: \`${own[2]!.variable}=800\``,
      '',
    ]
  })
}
