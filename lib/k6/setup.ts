import type { Options } from 'k6/options'
import {
  preflight,
  type PreflightOutcome,
  type Probe,
  type ServerFacts,
} from '../preflight/index.ts'
import { encodeOptions, protocols } from '../protocols/index.ts'
import type { GenerationRequest, Protocol } from '../protocols/index.ts'
import { calibrate, type Calibration, type Frame } from '../workload/index.ts'
import { createAsk } from './ask.ts'
import { createClock } from './clock.ts'
import { unverified } from './connections.ts'
import { crashWarning } from './crash.ts'
import { workloadDigest } from './digest.ts'
import { createHeaders } from './headers.ts'
import type { AddSample } from './metrics.ts'
import { playsAsPlanned } from './played.ts'
import { recordRun } from './records.ts'
import { stop, warn } from './say.ts'
import { runSalt, startMoment } from './start-moment.ts'
import { startTogether } from './together.ts'
import type { PreparedTest, RunData } from './types.ts'

/**
 * k6's `setup`: one streamed request shows what the server can do, or why no load is sent.
 *
 * @param options the options that the script exports
 */
export function createSetup(
  test: PreparedTest,
  options: () => Options,
  add: AddSample,
): () => Promise<RunData | undefined> {
  const { config } = test
  const headers = createHeaders(config)
  const now = createClock()

  return async function setup() {
    const start = startMoment(config, Date.now())
    if (!playsAsPlanned(options())) return undefined
    const crash = crashWarning()
    const untrusted = unverified(config)
    for (const warning of [crash, untrusted]) if (warning !== undefined) warn(warning)
    const sent = await headers()
    const probes = config.endpoints.map(({ endpoint }) => createAsk(test, endpoint, sent))
    const { outcome, probe } = config.preflight ? await first(probes) : await unasked(probes[0]!)
    if (!outcome.ok) {
      add('llm_preflight_failed', 1, { problem: outcome.problem.type })
      stop(`${outcome.problem.message}; no load was sent`)
      return undefined
    }
    const { facts } = outcome
    for (const warning of facts.warnings) warn(warning)
    const calibration = await learn(test, probe, facts)
    const workload = workloadDigest(test, { facts, calibration })
    const late = await startTogether(start)
    const startedAt = new Date()
    const own = [crash, untrusted, late].filter((warning) => warning !== undefined)
    const data: RunData = {
      workload,
      facts: { ...facts, warnings: [...facts.warnings, ...own] },
      ...(calibration === undefined ? {} : { calibration }),
      salt: runSalt(config, startedAt.getTime()),
      startedAt: startedAt.toISOString(),
      loadStartMs: now(),
    }
    recordRun(test, data)
    // k6 passes undefined on as null; JSON leaves it out.
    return JSON.parse(JSON.stringify(data)) as RunData
  }

  /** With several endpoints one that answers is enough: failing ones may be what is tested. */
  async function first(probes: readonly Probe[]) {
    const warnings: string[] = []
    let failed: { outcome: PreflightOutcome; probe: Probe } | undefined
    for (const [i, probe] of probes.entries()) {
      const { endpoint, name } = config.endpoints[i]!
      const outcome = await preflight(probe, preflightOptions(test, endpoint.baseUrl))
      if (outcome.ok) {
        const facts = { ...outcome.facts, warnings: [...outcome.facts.warnings, ...warnings] }
        return { outcome: { ok: true as const, facts }, probe }
      }
      warnings.push(`endpoint ${name} failed the preflight: ${outcome.problem.message}`)
      failed ??= { outcome, probe }
    }
    return failed!
  }

  /** PREFLIGHT=off: only the model's name is known, and the model itself is asked nothing. */
  async function unasked(probe: Probe): Promise<{ outcome: PreflightOutcome; probe: Probe }> {
    const models = config.model === undefined ? await probe.listModels() : undefined
    const model = config.model ?? (models?.ok ? models.models[0] : undefined)
    const { baseUrl } = config.endpoint
    if (model === undefined) {
      const message = `MODEL is not set and ${baseUrl}/models lists none; set MODEL`
      return { outcome: { ok: false, problem: { type: 'no_model', message } }, probe }
    }
    const facts: ServerFacts = {
      model,
      includeUsage: true,
      holdsLength: config.ignoreEos === 'on',
      warnings: [],
    }
    return { outcome: { ok: true, facts }, probe }
  }
}

const ENCODE = { model: '', stream: true, includeUsage: true }

function preflightOptions({ config, workload }: PreparedTest, baseUrl: string) {
  const request = exampleRequest(workload)
  const protocol = protocols[config.api] as Protocol
  return {
    baseUrl,
    path: protocol.encode(request, ENCODE).path,
    model: config.model,
    hasKey: config.apiKey !== undefined,
    firstTokenTimeoutMs: config.deadlines.firstTokenMs,
    holdLength: config.ignoreEos,
    request,
  }
}

/** An example request of the workload: for the preflight, and to warm up the code that makes requests. */
export function exampleRequest(workload: PreparedTest['workload']): GenerationRequest {
  if (!('conversation' in workload)) return workload.request(0).request
  return workload.conversation(0).next()?.request ?? {}
}

/** The calibration: saved, learnt from the server, or none. */
async function learn(
  { config, workload, inputs }: PreparedTest,
  probe: Probe,
  facts: ServerFacts,
): Promise<Calibration | undefined> {
  if (inputs.calibration !== undefined) return inputs.calibration
  const frames: readonly Frame[] = workload.frames
  const wanted = config.values.CALIBRATION === 'auto' && config.preflight && frames.length > 0
  if (!wanted) return undefined
  const calibration = await calibrate({
    frames,
    conversations: 'conversation' in workload,
    async countTokens(request) {
      const result = await probe.attempt(request, encodeOptions(facts))
      return result.outcome === 'completed' ? result.usage?.input : undefined
    },
  })
  for (const warning of calibration.warnings) warn(warning)
  return calibration
}
