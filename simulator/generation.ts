import type { IncomingMessage, ServerResponse } from 'node:http'
import { partText } from './answer.ts'
import type { Driver } from './driver.ts'
import type { FaultSet } from './faults.ts'
import { createFrames, usageJson } from './frames.ts'
import type { ServerMetrics } from './metrics.ts'
import type { SimulatorOptions } from './options.ts'
import type { Plan, PlannedChoice } from './plan.ts'
import { blankRecord } from './records.ts'
import type { SimRecord } from './records.ts'
import { createSession } from './session.ts'
import type { Session } from './session.ts'
import { blockKeys, tokenizers } from './tokenizer.ts'
import { sendJson } from './send-json.ts'
import { createWire } from './wire.ts'

export interface GenerationContext {
  options: SimulatorOptions
  driver: Driver
  metrics: ServerMetrics
  /** Lateness of a token that no fault kept back, ms. */
  onLateness(ms: number): void
  /** Every request comes by here once, when it is over. */
  onRecord(record: SimRecord): void
  epochMs(ms: number): number
  /** When requests that wait for a cold model go on, on the driver's clock; 0 = now. */
  readyAtMs(): number
}

export interface Incoming {
  req: IncomingMessage
  res: ServerResponse
  plan: Plan
  faults: FaultSet
  faultText: string
  id: string
  sequence: number
  endpoint: string
  receivedMs: number
  arrivalMs: number
}

export interface Running {
  abort(outcome: 'client_disconnected' | 'slow_client' | 'server_closed'): void
}

/** Serves one generation request, streamed or whole, from submission to record. */
export const runGeneration = (context: GenerationContext, incoming: Incoming): Running => {
  const { options, driver, metrics } = context
  const { req, res, plan, faults, id, sequence } = incoming
  const epoch = (ms: number | undefined): number | undefined =>
    ms === undefined ? undefined : context.epochMs(ms)
  const streamed = plan.stream && !faults['not-streaming']
  const foreign = faults.unicode !== undefined || faults['split-utf8'] !== undefined
  const total = plan.choices.reduce((sum, choice) => sum + choice.outputTokens, 0)
  const reasoning = plan.choices.reduce((sum, choice) => sum + choice.reasoningTokens, 0)
  // The sizes are known: no growing arrays on the way of a token.
  const scheduled = new Float64Array(total)
  const written = new Float64Array(total)
  let count = 0
  let headersMs: number | undefined
  let firstScheduledMs: number | undefined
  let cachedTokens = 0
  let preemptions = 0
  let over = false
  let waitTimer: NodeJS.Timeout | undefined
  const socket = req.socket
  const answerId = `${plan.kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${sequence.toString(36)}`
  const created = Math.floor(context.epochMs(incoming.arrivalMs) / 1000)

  const onWritten = (scheduledMs: number, writtenMs: number, held: boolean): void => {
    scheduled[count] = scheduledMs
    written[count++] = writtenMs
    if (!held) context.onLateness(writtenMs - scheduledMs)
  }

  const end = (outcome: SimRecord['outcome']): void => {
    if (over) return
    over = true
    clearTimeout(waitTimer)
    session?.close()
    socket.removeListener('close', onClose)
    for (const choice of plan.choices) driver.cancel(engineId(choice))
    if (outcome === 'client_disconnected') metrics.ended('abort')
    const times = (from: Float64Array): number[] =>
      Array.from(from.subarray(0, count), (ms) => context.epochMs(ms))
    const tokenWrittenMs = times(written)
    context.onRecord(
      blankRecord(
        {
          ...incoming,
          model: plan.model,
          stream: plan.stream,
          fault: incoming.faultText,
          receivedMs: context.epochMs(incoming.receivedMs),
          arrivalMs: context.epochMs(incoming.arrivalMs),
        },
        {
          httpStatus: 200,
          scheduledMs: epoch(firstScheduledMs),
          headersMs: epoch(headersMs),
          firstTokenMs: tokenWrittenMs[0],
          lastTokenMs: tokenWrittenMs.at(-1),
          endMs: context.epochMs(driver.nowMs()),
          tokenScheduledMs: times(scheduled),
          tokenWrittenMs,
          promptTokens: plan.promptTokens,
          cachedTokens,
          outputTokens: total,
          reasoningTokens: reasoning,
          preemptions,
          outcome,
        },
      ),
    )
  }
  const onClose = (): void => end('client_disconnected')

  const engineId = (choice: PlannedChoice): string => `${sequence}:${choice.index}`

  const answerWhole = (): void => {
    const factor = faults['hidden-reasoning']?.value ?? 1
    const billed = Math.round(total * factor)
    const usage = usageJson({
      prompt: plan.promptTokens,
      completion: billed,
      cached: options.cachedTokensInUsage ? cachedTokens : undefined,
      reasoning: reasoning + billed - total,
    })
    const choices = plan.choices.map((choice) => wholeChoice(plan, choice, options, foreign))
    const head = {
      id: answerId,
      object: plan.kind === 'chat' ? 'chat.completion' : 'text_completion',
      created,
      model: plan.model,
      choices,
    }
    const body = JSON.stringify(head)
    headersMs = driver.nowMs()
    const text = faults['no-usage'] ? body : `${body.slice(0, -1)},"usage":${usage}}`
    sendJson(res, 200, text, { 'x-request-id': id })
    for (let i = 0; i < count; i++) written[i] = headersMs
    end(faults['not-streaming'] ? 'faulted' : 'finished')
  }

  let session: Session | undefined
  if (streamed) {
    const wire = createWire(
      res,
      {
        framing: options.wire.framing,
        dribbleMs: faults.dribble?.value,
        splitCharacters: faults['split-utf8'] !== undefined,
        ascii: !foreign && /^[\x20-\x7e]*$/.test(plan.model),
        contentType: 'text/event-stream; charset=utf-8',
        contentLength: faults['long-length']
          ? 10_000_000
          : faults['short-length']
            ? 600
            : undefined,
        headers: { 'x-request-id': id, 'cache-control': 'no-cache' },
      },
      () => {
        socket.destroy()
        end('slow_client')
      },
    )
    session = createSession({
      plan,
      faults,
      options,
      frames: createFrames(plan.kind, answerId, plan.model, created),
      wire,
      arrivalMs: incoming.arrivalMs,
      nowMs: driver.nowMs,
      cachedTokens: () => cachedTokens,
      onWritten,
      onHeaders: (atMs) => (headersMs = atMs),
      onEnd: end,
      together(write) {
        socket.cork()
        write()
        socket.uncork()
      },
    })
  }
  socket.on('close', onClose)

  const readyAtMs = context.readyAtMs()
  const submit = (): void => {
    for (const choice of plan.choices) {
      let scheduledMs = 0
      let firstMs = 0
      let lastMs = 0
      metrics.promptTokens(choice.promptIds.length)
      driver.submit(
        {
          id: engineId(choice),
          promptTokens: choice.promptIds.length,
          outputTokens: choice.outputTokens,
          blockKeys: keysOf(choice, options),
        },
        {
          onScheduled(atMs, cached) {
            scheduledMs = atMs
            firstScheduledMs ??= atMs
            cachedTokens += cached
          },
          onToken(index, atMs) {
            metrics.token(
              index === 0 ? undefined : atMs - lastMs,
              index === 0 ? atMs - incoming.arrivalMs : undefined,
            )
            if (index === 0) firstMs = atMs
            lastMs = atMs
            if (index === choice.outputTokens - 1)
              metrics.finished({
                arrivalMs: incoming.arrivalMs,
                scheduledMs,
                firstTokenMs: firstMs,
                lastTokenMs: atMs,
                promptTokens: choice.promptIds.length,
                outputTokens: choice.outputTokens,
                finishReason: choice.finishReason,
              })
            if (session !== undefined) return session.token(choice, index, atMs)
            scheduled[count++] = atMs
            if (count === total) answerWhole()
          },
          onPreempted: () => preemptions++,
        },
        Math.max(incoming.arrivalMs, readyAtMs),
      )
    }
  }
  session?.start()
  const waitMs = readyAtMs - driver.nowMs()
  if (waitMs > 0) waitTimer = setTimeout(submit, waitMs)
  else submit()
  return { abort: end }
}

const keysOf = (choice: PlannedChoice, options: SimulatorOptions): ReturnType<typeof blockKeys> => {
  if (options.preset === 'fixed' || !options.engine.prefixCaching) return []
  // What is generated is cached too, and found by the conversation's next turn - but not after
  // reasoning, which templates leave out of the history.
  const answer =
    choice.reasoningTokens > 0 || choice.tool !== undefined
      ? []
      : tokenizers[options.tokenizer](partText(choice, 'content', false))
  return blockKeys([...choice.promptIds, ...answer], options.engine.blockSize)
}

const wholeChoice = (
  plan: Plan,
  choice: PlannedChoice,
  options: SimulatorOptions,
  foreign: boolean,
): Record<string, unknown> => {
  const rest = { index: choice.index, logprobs: null, finish_reason: choice.finishReason }
  const content = partText(choice, 'content', foreign)
  if (plan.kind === 'completions') return { ...rest, text: content }
  const message: Record<string, unknown> = { role: 'assistant', content }
  if (choice.reasoningTokens > 0)
    message[options.reasoningField] = partText(choice, 'reasoning', foreign)
  if (choice.tool !== undefined && choice.outputTokens > choice.reasoningTokens) {
    message['content'] = null
    message['tool_calls'] = [
      {
        id: `call_${choice.seed.toString(36)}`,
        type: 'function',
        function: { name: choice.tool, arguments: partText(choice, 'tool', foreign) },
      },
    ]
  }
  return { ...rest, message }
}
