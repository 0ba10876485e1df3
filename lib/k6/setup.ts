import type { Options } from 'k6/options'
import {
  pickModel,
  preflight,
  type PreflightOutcome,
  type Probe,
  type ServerFacts,
} from '../preflight/index.ts'
import { encodeOptions, protocols } from '../protocols/index.ts'
import type { GenerationRequest, Protocol } from '../protocols/index.ts'
import { createAsk } from '../probe/index.ts'
import { calibrate, type Calibration } from '../workload/index.ts'
import { unkeptBounds } from './bounds.ts'
import { calibrationMs } from './calibration.ts'
import { createClock } from './clock.ts'
import { unverified } from './connections.ts'
import { contextOf } from './context.ts'
import { crashWarning } from './crash.ts'
import { workloadDigest } from './digest.ts'
import { createHeaders } from './headers.ts'
import { askIdle } from './idle.ts'
import type { AddSample } from './metrics.ts'
import { playsAsPlanned } from './played.ts'
import { recordRun } from './records.ts'
import { stop, warn } from './say.ts'
import { runSalt, startMoment } from './start-moment.ts'
import { startTogether } from './together.ts'
import { createTransport } from './transport.ts'
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
    const unkept = unkeptBounds(config.bounds)
    if (unkept !== undefined) {
      stop(`${unkept}; no load was sent`)
      return undefined
    }
    const crash = crashWarning()
    const untrusted = unverified(config)
    for (const warning of [crash, untrusted]) if (warning !== undefined) warn(warning)
    const sent = await headers()
    const probes = config.endpoints.map(({ endpoint }) =>
      createAsk({ transport: createTransport(), config, endpoint, headers: sent }),
    )
    const { outcome, probe } = config.preflight ? await first(probes) : await unasked(probes[0]!)
    if (!outcome.ok) {
      add('llm_preflight_failed', 1, { problem: outcome.problem.type })
      stop(`${outcome.problem.message}; no load was sent`)
      return undefined
    }
    const { facts } = outcome
    for (const warning of facts.warnings) warn(warning)
    const calibration = await learn(test, probe, facts, now)
    const workload = workloadDigest(test, { facts, calibration })
    const salt = runSalt(config, Date.now())
    const context = contextOf(test, { facts, salt, calibration })
    const idle = await askIdle(test, probes, facts, context)
    const late = await startTogether(start)
    const startedAt = new Date()
    const own = [crash, untrusted, late].filter((warning) => warning !== undefined)
    const data: RunData = {
      workload,
      facts: { ...facts, warnings: [...facts.warnings, ...own] },
      ...(calibration === undefined ? {} : { calibration }),
      ...(idle === undefined ? {} : { idle }),
      salt,
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
    const asked = { baseUrl: config.endpoint.baseUrl, hasKey: hasKey(config) }
    const picked =
      config.model === undefined
        ? pickModel(await probe.listModels(), asked)
        : { model: config.model }
    if ('problem' in picked) return { outcome: { ok: false, problem: picked.problem }, probe }
    const { model } = picked
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
    hasKey: hasKey(config),
    firstTokenTimeoutMs: config.deadlines.firstTokenMs,
    holdLength: config.ignoreEos,
    request,
  }
}

function hasKey({ apiKey, apiKeySecret }: PreparedTest['config']): boolean {
  return apiKey !== undefined || apiKeySecret !== undefined
}

/** An example request of the workload: for the preflight, and to warm up the code that makes requests. */
export function exampleRequest(workload: PreparedTest['workload']): GenerationRequest {
  if (!('conversation' in workload)) return workload.request(0).request
  return workload.conversation(0).next()?.request ?? {}
}

/** The calibration: saved, learnt from the server, or none. */
async function learn(
  test: PreparedTest,
  probe: Probe,
  facts: ServerFacts,
  now: () => number,
): Promise<Calibration | undefined> {
  const { workload, inputs } = test
  if (inputs.calibration !== undefined) return inputs.calibration
  const budgetMs = calibrationMs(test)
  if (budgetMs === 0) return undefined
  const calibration = await calibrate({
    frames: workload.frames,
    conversations: 'conversation' in workload,
    budgetMs,
    now,
    async countTokens(request, withinMs) {
      const { usage } = await probe.attempt(request, encodeOptions(facts), withinMs)
      // Whatever became of it: an answer of one token may be empty (llama-server), its prompt was counted.
      return usage?.input
    },
  })
  for (const warning of calibration.warnings) warn(warning)
  return calibration
}
