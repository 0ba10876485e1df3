import exec from 'k6/execution'
import { type Session, createSession, timingsOf } from '../exchange/index.ts'
import { eachSample, labelled, requestLimits, startSample } from '../metrics/index.ts'
import { protocols } from '../protocols/index.ts'
import type { Protocol } from '../protocols/index.ts'
import { FIRST_LOAD } from './configure.ts'
import { createHeaders } from './headers.ts'
import type { AddSample } from './metrics.ts'
import { createPlace } from './place.ts'
import { createRecorder, recorded } from './records.ts'
import { createTransport } from './transport.ts'
import type { PreparedTest, RunData } from './types.ts'

/** Requests of one k6 scenario lie this far from those of the next: no two ask for the same prompt. */
const SCENARIO_STRIDE = 1 << 24

/** The function that k6 calls for each request of the load. */
export function createVu(test: PreparedTest, add: AddSample): (data: RunData) => Promise<void> {
  const { config, plan, workload } = test
  const transport = createTransport()
  const place = createPlace(plan, transport.now)
  const headers = createHeaders(config)
  const limits = requestLimits(config.slo)
  const protocol = protocols[config.api] as Protocol
  const scenarios = Object.keys(plan.scenarios)
  let run: RunData | undefined
  // The first prompt costs 5-30 ms, for its word tables: while loading, not between due and sent.
  if (!FIRST_LOAD) workload.request(0)
  const record = createRecorder(test)
  const collectText = recorded(test).text

  return async function (data) {
    const startMs = transport.now()
    // k6 rebuilds setup data at each access: it is copied once a VU.
    run ??= JSON.parse(JSON.stringify(data)) as RunData
    const scenario = exec.scenario
    const window = place().at(startMs)
    const k6Phase = plan.scenarios[scenario.name]?.tags
    const n = scenarios.indexOf(scenario.name) * SCENARIO_STRIDE + scenario.iterationInTest
    const { facts, salt } = run
    const wanted = workload.request(n, {
      salt,
      controls: { minTokens: facts.holdsLength, ignoreEos: facts.holdsLength },
    })
    const labels: Record<string, string> = {
      phase: k6Phase?.['phase'] ?? window?.phase ?? 'drain',
      measured: k6Phase?.['measured'] ?? String(window?.measured ?? false),
      app: wanted.app,
      model: facts.model,
    }
    const slice = window?.phase === labels['phase'] ? window?.slice : undefined
    const addSample = labelled(labels, add)

    const started = startSample(slice)
    addSample(started.metric, started.value, started.tags)
    const session: Session = createSession({
      transport,
      target: config.endpoint,
      basePath: config.endpoint.basePath,
      protocol,
      encode: { model: facts.model, stream: true, includeUsage: facts.includeUsage },
      headers: await headers(),
    })
    const result = await session.request({
      request: wanted.request,
      dueMs: undefined,
      startMs,
      deadlines: config.deadlines,
      collectText,
    })
    session.close()
    const timings = timingsOf(result)
    eachSample(
      result,
      timings,
      {
        windows: place().windows,
        slice,
        limits,
        gapSampling: test.gapSampling,
        random: Math.random,
      },
      addSample,
    )
    record?.(result, timings, {
      id: `${scenario.name}-${scenario.iterationInTest}`,
      labels: {
        phase: labels['phase'] as string,
        measured: labels['measured'] === 'true',
        slice,
        app: wanted.app,
        model: facts.model,
        session: wanted.session,
      },
      promptId: wanted.promptId,
      askedInputTokens: wanted.inputTokens,
      askedOutputTokens: wanted.outputTokens,
      originMs: place().originMs,
      windows: place().windows,
    })
  }
}
