import { createSession, type ExchangeResult, type Session, timingsOf } from '../exchange/index.ts'
import {
  clientSamples,
  divergenceSamples,
  eachSample,
  lengthSamples,
  NO_TAGS,
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
import { createProbe } from './probe.ts'
import { createRecorder, recorded } from './records.ts'
import { createTransport } from './transport.ts'
import type { PreparedTest, RunData } from './types.ts'
import type { Slot } from './wait.ts'

type Tags = Readonly<Record<string, string>>

/** One request that is about to be sent. */
export interface Outgoing {
  wanted: WorkloadRequest
  slot: Slot
  where: Where
  /** Tags of this request besides those of its place, application and model. */
  tags?: Tags
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
export function createSender(test: PreparedTest, { under, push }: Metrics): Sender {
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
  const redactOf = (session: Session) => (text: string) => mask(session.redact(text))
  const sessions = new Map<string, Session>()
  const budget = createBudget(config.bounds)
  const { cancel } = config
  const priced = config.bounds.spend !== undefined
  const probe = createProbe(transport)
  const labelsOf = createLabels()
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
      const labels = labelsOf(where, wanted.app, facts.model, tags)
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
      startSamples(where.slice, under(labels))
      push(labels)
      probe.start()
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
      const add = under(labels)
      eachSample(result, timings, context, add)
      lengthSamples(result, wanted, add)
      clientSamples(client, add)
      if (spend !== undefined) add('llm_spend', spend, NO_TAGS)
      if (grading !== undefined) qualitySamples(grading, add)
      if (comparison !== undefined) divergenceSamples(comparison.word, add)
      push(labels)
      record?.(result, timings, redactOf(session), {
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
      if (isKept) keeper.keep(outgoing.id, result, wanted, redactOf(session))
      budget.settle(receivedTokens(result).tokens, spend ?? 0)
      return { result, pauseMs }
    },
  }
}

/** Labels of a request; those of the one before where nothing differs, as in most runs. */
function createLabels() {
  let last: { where: Where; app: string; model: string; tags: Tags; labels: Tags } | undefined
  return (where: Where, app: string, model: string, tags: Tags = NO_TAGS): Tags => {
    if (last?.where !== where || last.app !== app || last.model !== model || last.tags !== tags) {
      last = { where, app, model, tags, labels: { ...where.labels, app, model, ...tags } }
    }
    return last.labels
  }
}

function worst(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
}
