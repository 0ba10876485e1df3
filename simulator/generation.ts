import { partText } from './answer.ts'
import { bill } from './billing.ts'
import { createEventWriter } from './events.ts'
import type { AnswerHead, WholeChoice } from './formats/index.ts'
import { recordOf } from './incoming.ts'
import type { Incoming, Running, ServingContext } from './incoming.ts'
import { createMeasuredWire } from './measured-wire.ts'
import type { Plan, PlannedChoice } from './plan.ts'
import { createProgress } from './progress.ts'
import type { SimRecord } from './records.ts'
import { sendJson } from './send-json.ts'
import { createSession } from './session.ts'
import type { Session } from './session.ts'
import { engineId, submit } from './submit.ts'
import { createWire } from './wire.ts'

/** Serves one generation request, streamed or whole, from submission to record. */
export function runGeneration(context: ServingContext, incoming: Incoming, plan: Plan): Running {
  const { options, driver, metrics } = context
  const { req, res, faults, id } = incoming
  const { socket } = req
  const total = plan.choices.reduce((sum, choice) => sum + choice.outputTokens, 0)
  const reasoning = plan.choices.reduce((sum, choice) => sum + choice.reasoningTokens, 0)
  const progress = createProgress(total)
  const head = headOf(context, incoming, plan)
  let headersMs: number | undefined
  let scheduledMs: number | undefined
  let cachedTokens = 0
  let preemptions = 0
  let over = false
  let waitTimer: NodeJS.Timeout | undefined
  const session = plan.stream && !faults['not-streaming'] ? streamedAnswer() : undefined

  function end(outcome: SimRecord['outcome']): void {
    if (over) return
    over = true
    clearTimeout(waitTimer)
    session?.close()
    socket.removeListener('close', onClose)
    for (const choice of plan.choices) driver.cancel(engineId(incoming, choice))
    if (outcome === 'client_disconnected') metrics.ended('abort')
    const { epochMs } = context
    const tokenWrittenMs = progress.times('written', epochMs)
    const record = recordOf(context, incoming, plan.stream, {
      httpStatus: 200,
      scheduledMs: scheduledMs === undefined ? undefined : epochMs(scheduledMs),
      headersMs: headersMs === undefined ? undefined : epochMs(headersMs),
      firstTokenMs: tokenWrittenMs[0],
      lastTokenMs: tokenWrittenMs.at(-1),
      tokenScheduledMs: progress.times('scheduled', epochMs),
      tokenWrittenMs,
      tokenUnsentMs: progress.times('unsent', epochMs),
      promptTokens: plan.promptTokens,
      cachedTokens,
      outputTokens: total,
      reasoningTokens: reasoning,
      preemptions,
      outcome,
    })
    context.onRecord(record)
  }
  function onClose(): void {
    end('client_disconnected')
  }

  function streamedAnswer(): Session {
    const style = wireStyle(plan, incoming, options.wire.framing)
    const wire = faults['content-length']
      ? createMeasuredWire(res, style)
      : createWire(res, style, () => {
          socket.destroy()
          end('slow_client')
        })
    const { framing } = plan.format
    return createSession({
      plan,
      faults,
      options,
      writer: plan.format.createWriter(head),
      events: createEventWriter(wire, { framing, crlf: options.wire.crlf, faults }),
      wire,
      arrivalMs: incoming.arrivalMs,
      nowMs: driver.nowMs,
      cachedTokens: () => (options.cachedTokensInUsage ? cachedTokens : undefined),
      onWritten(tokenMs, writtenMs, held) {
        progress.written(tokenMs, writtenMs)
        if (!held) context.onLateness(writtenMs - tokenMs)
      },
      onUnsent: progress.unsent,
      onHeaders: (atMs) => (headersMs = atMs),
      onEnd: end,
      together(write) {
        socket.cork()
        write()
        socket.uncork()
      },
    })
  }
  function wholeAnswer(): void {
    const cached = options.cachedTokensInUsage ? cachedTokens : undefined
    const counts = { prompt: plan.promptTokens, completion: total, reasoning, cached }
    const usage = faults['no-usage'] ? undefined : bill(counts, faults)
    headersMs = driver.nowMs()
    const choices = plan.choices.map((choice) => wholeChoice(choice, isForeign(incoming)))
    sendJson(res, 200, plan.format.whole(head, choices, usage), { 'x-request-id': id })
    progress.allWritten(headersMs)
    end(faults['not-streaming'] ? 'faulted' : 'finished')
  }

  const heard = {
    onScheduled(atMs: number, cached: number) {
      scheduledMs ??= atMs
      cachedTokens += cached
    },
    onToken(choice: PlannedChoice, index: number, atMs: number) {
      if (session !== undefined) return session.token({ choice, index, scheduledMs: atMs })
      progress.written(atMs, atMs)
      if (progress.count === total) wholeAnswer()
    },
    onPreempted: () => preemptions++,
  }
  socket.on('close', onClose)
  const readyAtMs = context.readyAtMs()
  function submitAll(): void {
    const atMs = Math.max(incoming.arrivalMs, readyAtMs)
    for (const choice of plan.choices) submit(context, incoming, choice, heard, atMs)
  }
  session?.start()
  const waitMs = readyAtMs - driver.nowMs()
  if (waitMs > 0) waitTimer = setTimeout(submitAll, waitMs)
  else submitAll()
  return { abort: end }
}

const idPrefixes: Readonly<Record<string, string>> = { chat: 'chatcmpl', completions: 'cmpl' }

function headOf({ options, epochMs }: ServingContext, incoming: Incoming, plan: Plan): AnswerHead {
  return {
    id: `${idPrefixes[plan.format.name] ?? 'gen'}-${incoming.sequence.toString(36)}`,
    model: plan.model,
    created: Math.floor(epochMs(incoming.arrivalMs) / 1000),
    promptTokens: plan.promptTokens,
    options,
    faults: incoming.faults,
  }
}

function isForeign({ faults }: Incoming): boolean {
  return faults.unicode !== undefined || faults['split-utf8'] !== undefined
}

function wireStyle(plan: Plan, incoming: Incoming, framing: 'chunked' | 'close') {
  const { faults, id } = incoming
  const stream =
    plan.format.framing === 'sse' ? 'text/event-stream; charset=utf-8' : 'application/x-ndjson'
  return {
    framing,
    dribbleMs: faults.dribble?.value,
    splitCharacters: faults['split-utf8'] !== undefined,
    ascii: !isForeign(incoming) && /^[\x20-\x7e]*$/.test(plan.model),
    contentType: faults['json-type'] ? 'application/json' : stream,
    contentLength: faults['long-length'] ? 10_000_000 : faults['short-length'] ? 600 : undefined,
    headers: { 'x-request-id': id, 'cache-control': 'no-cache' },
  }
}

function wholeChoice(choice: PlannedChoice, foreign: boolean): WholeChoice {
  const { index, seed, tool } = choice
  const called = tool !== undefined && choice.outputTokens > choice.reasoningTokens
  return {
    index,
    seed,
    tool,
    reason: choice.finishReason,
    reasoning: partText(choice, 'reasoning', foreign),
    content: partText(choice, 'content', foreign),
    arguments: called ? partText(choice, 'tool', foreign) : undefined,
  }
}
