import { describeShapes, describeVariables } from '../../lib/config/index.ts'
import { scenarioDocs, type ScenarioDoc } from './definitions.ts'
import { GENERATED, prose, wrapped } from './page.ts'

/** The text of docs/scenarios.md. */
export async function scenariosPage(): Promise<string> {
  return wrapped(pageOf(await scenarioDocs()))
}

function pageOf(scenarios: readonly ScenarioDoc[]): string[] {
  const used = [...new Set(scenarios.map(({ shape }) => shape))]
  return [
    '# Scenarios',
    '',
    GENERATED,
    '',
    'Run one with `npx k6-inference run NAME --url http://host:8000/v1`; every load is set by',
    '[variables](reference/variables.md).',
    '',
    ...scenarios.map(({ name, shape, meaning }) => {
      return `- [\`${name}\`](#${name}) ([${shape}](#${anchor(shape)})): ${prose(meaning)}`
    }),
    '',
    '## Shapes',
    '',
    ...describeShapes()
      .filter(({ name }) => used.includes(name))
      .flatMap(({ name, meaning }) => [`### Shape ${name}`, '', prose(meaning), '']),
    '## Arrivals',
    '',
    'An open loop sends requests at the times of its schedule, whatever the server does. With',
    "`ARRIVALS=constant`, k6's own `ramping-arrival-rate` plays all phases, which share its VUs; the first",
    'request comes half of the time between two after the start, and none on the boundary of two phases. If no',
    'VU is free, a request is dropped and counted.',
    '',
    '`poisson`, `gamma` and traces are computed from `SEED` before the run, stored once for all VUs,',
    'and played by `shared-iterations`. Each request is then sent exactly once, also over several',
    'execution segments; if all VUs are busy it is late, not lost. Latencies are given both from sending and',
    'from the due time (`llm_ttft_due`, `llm_e2e_due`); `llm_lateness` is the lateness of each start.',
    '',
    ...scenarios.flatMap(scenarioSection),
  ]
}

const anchor = (shape: string) => `shape-${shape}`

const link = (variable: string) =>
  `[\`${variable}\`](reference/variables.md#${variable.toLowerCase()})`

function scenarioSection({ name, shape, defaults, meaning }: ScenarioDoc): string[] {
  const own = describeVariables().filter((v) => v.shapes !== 'all' && v.shapes.includes(shape))
  const set = Object.entries(defaults).map(([key, value]) => `\`${key}=${value}\``)
  return [
    `## ${name}`,
    '',
    prose(meaning),
    '',
    `Shape: [${shape}](#${anchor(shape)}). Its load: ${own.map((v) => link(v.name)).join(', ')}.`,
    ...(set.length === 0 ? [] : ['', `Defaults of its own: ${set.join(', ')}.`]),
    '',
  ]
}
