import { createSession, type ExchangeResult, type Session, timingsOf } from '../exchange/index.ts'
import {
  clientSamples,
  divergenceSamples,
  eachSample,
  lengthSamples,
  outcomeKind,
  qualitySamples,
  receivedTokens,
  requestLimits,
  spendOf,
  startSamples,
} from '../metrics/index.ts'
import { createPause, leaves } from '../load/index.ts'
import { encodeOptions, protocols } from '../protocols/index.ts'
import type { Protocol } from '../protocols/index.ts'
import type { WorkloadRequest } from '../workload/index.ts'
import type { WeightedEndpoint } from '../config/index.ts'
import { createBudget } from './bounds.ts'
import type { Budget } from './bounds.ts'
import { heldBackMs } from './coalesce.ts'
import { compareWithIdle } from './comparing.ts'
import { createAnswerGrader } from './grading.ts'
import { createAnswerKeeper, createMask } from './keeping.ts'
import { createHeaders } from './headers.ts'
import type { Metrics } from './metrics.ts'
import type { Where } from './place.ts'
import { startProbe } from './probe.ts'
import { createRecorder, recorded } from './records.ts'
import { createTransport } from './transport.ts'
import type { PreparedTest, RunData } from './types.ts'
import type { Slot } from './wait.ts'

/** One request that is about to be sent. */
export interface Outgoing {
  wanted: WorkloadRequest
  slot: Slot
  where: Where
  /** Tags of this request besides those of its place, application and model. */
  tags?: Readonly<Record<string, string>>
  collectText?: boolean
  /** Fingerprint of the answer to this prompt before the load, which the answer is compared with. */
  idleAnswer?: string | undefined
  /** Number of the request, by which it is drawn whether its user leaves. */
  n: number
  /** Names the request in the records; unique within a run. */
  id: string
  turn?: number
}

export interface Sender {
  now(): number
  /** Asked before each request. */
  budget: Pick<Budget, 'take' | 'over'>
  /** The VU's session with an endpoint; its connection lasts until the iteration closes it. */
  open(endpoint: WeightedEndpoint, data: RunData): Promise<Session>
  /**
   * Sends one request and adds all its samples. `pauseMs`: how long to wait before the next request,
   * because this one (in a closed loop) failed at once.
   */
  send(
    session: Session,
    outgoing: Outgoing,
    data: RunData,
  ): Promise<{ result: ExchangeResult; pauseMs: number }>
}

/** What a VU uses to send requests: transport, protocol, headers, and the samples of each request. */
export function createSender(test: PreparedTest, { addAll }: Metrics): Sender {
  const { config } = test
  let delayMs: number | undefined
  const transport = createTransport({}, (ms) => (delayMs = Math.max(delayMs ?? 0, ms)))
  const headers = createHeaders(config)
  const limits = requestLimits(config.slo)
  const protocol = protocols[config.api] as Protocol
  const record = createRecorder(test)
  const recordsText = recorded(test).text
  const grader = createAnswerGrader(test)
  const keeper = createAnswerKeeper(test)
  const mask = createMask(config.values.REDACT)
  const sessions = new Map<string, Session>()
  const budget = createBudget(config.bounds)
  const { cancel } = config
  const priced = config.bounds.spend !== undefined
  const pauseAfter = test.plan.loop === 'closed' ? createPause() : () => 0

  return {
    now: transport.now,
    budget,

    async open({ endpoint }, { facts }) {
      let session = sessions.get(endpoint.baseUrl)
      if (session === undefined) {
        session = createSession({
          transport,
          target: endpoint,
          basePath: endpoint.basePath,
          protocol,
          encode: encodeOptions(facts),
          headers: await headers(),
          body: config.body,
          // What the preflight saw is of one endpoint only.
          leavesOpen: facts.leavesOpen && config.endpoints.length === 1,
        })
        sessions.set(endpoint.baseUrl, session)
      }
      return session
    },

    async send(session, outgoing, { facts }) {
      const { wanted, slot, where, tags, idleAnswer } = outgoing
      const labels = { ...where.labels, app: wanted.app, model: facts.model, ...tags }
      delayMs = undefined
      const isGraded = grader?.wants(outgoing.n, outgoing.turn) === true
      const isKept = keeper?.wants(outgoing.n, outgoing.turn) === true
      const answering = session.request({
        request: wanted.request,
        dueMs: slot.dueMs,
        startMs: slot.startMs,
        deadlines: config.deadlines,
        collectText:
          recordsText ||
          isGraded ||
          isKept ||
          idleAnswer !== undefined ||
          outgoing.collectText === true,
        ...(leaves(cancel.share, config.load.seed, outgoing.n, outgoing.turn) && {
          abortAfter: cancel.after,
        }),
      })
      // While the server works, like all else that does not have to come before.
      addAll(labels, (addSample) => startSamples(where.slice, addSample))
      const probe = startProbe(transport)
      const result = await answering
      delayMs = worst(delayMs, heldBackMs(result, transport.now()))
      const overshootMs = worst(slot.overshootMs, probe.stop())
      const timings = timingsOf(result)
      const context = {
        windows: where.windows,
        slice: where.slice,
        limits,
        gapSampling: test.gapSampling,
        random: Math.random,
      }
      const pauseMs = pauseAfter({
        failed: outcomeKind(result.outcome) === 'failed',
        tookMs: result.marks.endMs - result.marks.startMs,
      })
      const waited = slot.dueMs === undefined ? undefined : slot.overshootMs !== undefined
      const client = { latenessMs: timings.latenessMs, delayMs, overshootMs, waited, pauseMs }
      // After everything that is timed: it takes some ms.
      const grading = isGraded ? grader.grade(result, wanted) : undefined
      const comparison = compareWithIdle(result, idleAnswer)
      const spend = priced ? spendOf(result, wanted.inputTokens, config.bounds) : undefined
      addAll(labels, (addSample) => {
        eachSample(result, timings, context, addSample)
        lengthSamples(result, wanted, addSample)
        clientSamples(client, addSample)
        if (spend !== undefined) addSample('llm_spend', spend, {})
        if (grading !== undefined) qualitySamples(grading, addSample)
        if (comparison !== undefined) divergenceSamples(comparison.word, addSample)
      })
      const redact = (text: string) => mask(session.redact(text))
      record?.(result, timings, redact, {
        id: outgoing.id,
        labels: {
          phase: where.labels.phase,
          measured: where.labels.measured === 'true',
          slice: where.slice,
          app: wanted.app,
          model: facts.model,
          endpoint: tags?.['endpoint'],
          step: where.labels.step,
          session: wanted.session,
          turn: outgoing.turn,
        },
        promptId: wanted.promptId,
        askedInputTokens: wanted.inputTokens,
        askedOutputTokens: wanted.outputTokens,
        spend,
        grading,
        comparison,
        client,
        originMs: where.originMs,
        windows: where.windows,
      })
      if (isKept) keeper.keep(outgoing.id, result, wanted, redact)
      budget.settle(receivedTokens(result).tokens, spend ?? 0)
      return { result, pauseMs }
    },
  }
}

function worst(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
}
