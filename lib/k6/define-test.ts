import exec from 'k6/execution'
import type { Options } from 'k6/options'
import type { Config } from '../config/index.ts'
import { areaOf, forecast, planOfConversations, startText } from '../load/index.ts'
import type { LoadPlan } from '../load/index.ts'
import {
  gapSampling,
  judgedThresholds,
  limitsSet,
  TREND_STATS,
  thresholdsFor,
  windowsOf,
} from '../metrics/index.ts'
import { meanLength, promptsOf } from '../workload/index.ts'
import { boundOptions } from './bounds.ts'
import { calibrationMs, setupText } from './calibration.ts'
import { cloudOptions, judgedInCloud } from './cloud.ts'
import { configure, FIRST_LOAD, refuse } from './configure.ts'
import { connectionOptions, refuseProxy } from './connections.ts'
import { gradersOf } from './grading.ts'
import { groupsOf } from './groups.ts'
import { idleRequests, refuseUncounted } from './idle.ts'
import { memoryBytes } from './memory.ts'
import { readInputs } from './inputs.ts'
import { planLoad } from './load.ts'
import { createMetrics } from './metrics.ts'
import { createMonitor } from './monitor.ts'
import { createPoller, POLLER, pollsServer } from './poller.ts'
import { recordEnd } from './records.ts'
import { createSetup } from './setup.ts'
import { tellOnce } from './tell.ts'
import { untilStart } from './start-moment.ts'
import { createHandleSummary } from './summary.ts'
import type { PreparedTest, RunData, TestDefinition } from './types.ts'
import { CLOCK } from './transport.ts'
import { createVu } from './vu.ts'
import { workloadVariables } from './workload-variables.ts'

/** What a scenario file exports for k6; k6's scenarios refer to `run` and `monitor` by name. */
export interface K6Test {
  options: Options
  setup: () => Promise<RunData | undefined>
  run: (data: RunData) => Promise<void>
  monitor: () => Promise<void> | void
  teardown: (data: RunData | undefined) => void
  handleSummary: (data: unknown) => Record<string, string>
}

/**
 * Builds everything that k6 expects of a script from a definition and the variables (`-e NAME=value`).
 * Call it once, at the top of a script; problems in the variables end the run there.
 *
 * @param definition what is sent, in which load shape, with the scenario's own defaults
 * @returns the script's exports: options, setup, the functions for VUs, teardown, handleSummary
 */
export function defineTest(definition: TestDefinition): K6Test {
  const { name, shape, defaults = {} } = definition
  const { config, warnings } = configure(name, shape, defaults)
  if (FIRST_LOAD) {
    refuse(() => {
      measurable(config)
      judgedInCloud(config)
      refuseProxy(config)
      refuseUncounted(config)
    })
  }
  const { inputs, workload, load, plan, dueMs, schedule, notes } = refuse(() =>
    prepare(definition, config),
  )
  tellOnce(() => ({
    warnings: [...warnings, ...forecast(plan, load, schedule, memoryBytes())],
    info: [setupText({ config, plan, workload, inputs }), startText(plan)],
  }))
  const test: PreparedTest = {
    name,
    config,
    plan,
    dueMs,
    schedule,
    workload,
    inputs,
    groups: groupsOf(shape, { workload, inputs }),
    graders: refuse(() => gradersOf(definition, { config })),
    ownGraders: definition.graders ?? {},
    gapSampling:
      config.gapSampling ?? gapSampling(expectedTokens(plan, config, workload), plan.endMs),
    warnings: [...warnings, ...notes],
  }
  const metrics = createMetrics()
  const options = () => optionsOf(test)
  return {
    options: FIRST_LOAD ? { ...options(), ...refuse(() => connectionOptions(config)) } : {},
    setup: createSetup(test, options, metrics.add),
    run: createVu(test, metrics),
    monitor: beside(createMonitor(test, metrics.add), createPoller(test, metrics.add)),
    teardown: (data) => recordEnd(test, data),
    handleSummary: createHandleSummary(test),
  }
}

function prepare({ shape, workload: make }: TestDefinition, config: Config) {
  const inputs = readInputs(config)
  const variables = workloadVariables(config)
  const own = make(variables, inputs)
  const { dataset } = inputs
  const replaced = dataset !== undefined && !('conversation' in own) && own.wire === 'chat'
  const workload = replaced ? promptsOf(variables, dataset, own.name) : own
  if ((workload.wire === 'embeddings') !== (config.api === 'embeddings')) {
    throw new Error(`API=${config.api}: this scenario speaks ${workload.wire}`)
  }
  if (config.values.COMPARED_SHARE > 0 && 'conversation' in own) {
    throw new Error(
      'COMPARED_SHARE: in conversations every prompt holds earlier answers, so none is asked twice; use a scenario of single requests',
    )
  }
  const size = config.values.BATCH_SIZE
  if (size > 1 && !('batchSize' in workload)) {
    throw new Error(
      `BATCH_SIZE=${size}: a request of this scenario has one prompt; embeddings and completions (offline-batch) take several`,
    )
  }
  // A conversation occupies a VU for its whole length, pauses included.
  const { expectedE2eMs } = config.load
  const heldMs = 'conversation' in workload ? workload.lengthMs(expectedE2eMs) : expectedE2eMs
  const load = { ...config.load, expectedE2eMs: heldMs }
  const planned = planLoad(shape, load, config.values, inputs)
  const plan = 'conversation' in workload ? planOfConversations(planned.plan) : planned.plan
  return { inputs, workload, load, ...planned, plan }
}

/** Latencies that even an answer handed over whole has. */
const MEASURED_WHOLE = ['llm_e2e', 'llm_e2e_due', 'llm_stream', 'llm_lateness']

/** Refuses what this bundle cannot do, and limits on what it cannot measure: nothing the server does would miss them. */
function measurable({ slo, cancel }: Config): void {
  if (CLOCK !== 'buffered') return
  if (cancel.share > 0) {
    throw new Error(
      'CANCEL_SHARE: k6/http cannot close a connection inside an answer; use the bundle without "buffered"',
    )
  }
  const set = limitsSet(slo).filter(({ metric }) => !MEASURED_WHOLE.includes(metric))
  if (set.length === 0) return
  const names = set.map(({ variable }) => variable).join(', ')
  throw new Error(
    `${names}: k6/http hands answers over whole, so there are no times of tokens; use the bundle without "buffered", or SLO_E2E_P95`,
  )
}

function optionsOf(test: PreparedTest): Options {
  const { plan, config, groups } = test
  const load = Object.entries(plan.scenarios).map(
    ([name, scenario]) => [name, { ...scenario, exec: 'run' }] as const,
  )
  const polled = pollsServer(config)
  const slices = windowsOf(plan.phases).flatMap(({ slice }) => slice ?? [])
  return {
    scenarios: {
      ...Object.fromEntries(load),
      monitor: {
        executor: 'constant-vus',
        vus: 1,
        duration: `${plan.endMs}ms`,
        gracefulStop: '0s',
        exec: 'monitor',
      },
      ...(polled && {
        [POLLER]: {
          executor: 'constant-vus',
          vus: 1,
          duration: `${plan.endMs}ms`,
          gracefulStop: '0s',
          exec: 'monitor',
        },
      }),
    },
    thresholds: {
      ...(config.values.CLOUD_THRESHOLDS === 'judged'
        ? judgedThresholds(config.slo)
        : thresholdsFor({
            phases: plan.phases,
            slices,
            slo: config.slo,
            serverFigures: polled,
            groups,
            graders: test.graders,
            compared: config.values.COMPARED_SHARE > 0,
            endpoints: config.endpoints.length > 1 ? config.endpoints.map(({ name }) => name) : [],
          })),
      // Their keys are the bare metrics: these stay in the summary without an always-true threshold.
      ...boundOptions(config.bounds),
    },
    summaryTrendStats: [...TREND_STATS],
    setupTimeout: `${Math.ceil(setupMs(test))}ms`,
    cloud: cloudOptions(config),
  }
}

/** Most requests that a preflight sends to one server: with each extension, and without. */
const PREFLIGHT_TRIES = 6
/** For the list of models, the server's name, and a busy machine. */
const BESIDES_MS = 30_000

/** More than setup() can take, whatever the servers do: a cold model may take minutes for each answer. */
function setupMs(test: PreparedTest): number {
  const { endpoints, deadlines } = test.config
  const each = PREFLIGHT_TRIES * deadlines.wholeMs + BESIDES_MS
  const idle = idleRequests(test.config) * deadlines.wholeMs
  return endpoints.length * each + calibrationMs(test) + idle + untilStart(test.config)
}

/** Both run beside the load, each in a k6 scenario with one VU, through one exported function. */
function beside(monitor: () => void, poll: () => Promise<void>): () => Promise<void> | void {
  return () => (exec.scenario.name === POLLER ? poll() : monitor())
}

/** Highest stream rate assumed when nothing tells how long answers are, tokens/s. */
const FAST_STREAM = 100

/** Deliberately rough: it only decides whether gaps are sampled, and how sparsely. */
function expectedTokens(
  plan: LoadPlan,
  config: Config,
  workload: PreparedTest['workload'],
): number {
  const area = plan.phases.reduce((sum, phase) => sum + areaOf(phase), 0)
  if (plan.loop === 'closed') return area * FAST_STREAM
  if ('conversation' in workload) return area * (config.load.expectedE2eMs / 1000) * FAST_STREAM
  return area * meanLength(config.outputTokens)
}
