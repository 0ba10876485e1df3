import { badField } from './api-error.ts'
import { optionalInteger } from './body.ts'
import type { Json } from './body.ts'
import type { GenerationContext, Incoming, Running } from './generation.ts'
import { plainPrompts } from './prompts.ts'
import { mix32 } from './random.ts'
import { blankRecord } from './records.ts'
import type { SimRecord } from './records.ts'
import { sendJson } from './send-json.ts'
import { blockKeys } from './tokenizer.ts'

/** A unit vector that depends on the tokens alone. */
const embed = (ids: readonly number[], size: number): number[] => {
  const seed = ids.reduce((h, id) => mix32(h, id), 1)
  const vector = Array.from({ length: size }, (_, i) => mix32(seed, i) / 2 ** 31 - 1)
  const length = Math.hypot(...vector) || 1
  return vector.map((x) => x / length)
}

/** Serves an embeddings request: each text is a prefill and nothing else. */
export const runEmbeddings = (
  context: GenerationContext,
  incoming: Omit<Incoming, 'plan'> & { model: string },
  body: Json,
): Running => {
  const { driver, metrics, options } = context
  const { req, res, sequence } = incoming
  const format = body['encoding_format'] ?? 'float'
  if (format !== 'float' && format !== 'base64')
    throw badField('encoding_format', 'encoding_format must be "float" or "base64"')
  const size = optionalInteger(body, 'dimensions', 1, 16_384) ?? options.embeddingSize
  const prompts = plainPrompts(body['input'], 'input', options)
  for (const [i, ids] of prompts.entries()) {
    if (ids.length === 0) throw badField('input', `input[${i}] must not be empty`)
    if (ids.length >= options.maxModelLen)
      throw badField(
        'input',
        `input[${i}] has ${ids.length} tokens; fewer than ${options.maxModelLen} are accepted`,
      )
  }
  const promptTokens = prompts.reduce((sum, ids) => sum + ids.length, 0)
  let open = prompts.length
  let scheduledMs: number | undefined
  let cachedTokens = 0
  let over = false

  const end = (outcome: SimRecord['outcome']): void => {
    if (over) return
    over = true
    req.socket.removeListener('close', onClose)
    for (const i of prompts.keys()) driver.cancel(`${sequence}:${i}`)
    const endMs = context.epochMs(driver.nowMs())
    const record = blankRecord(
      {
        ...incoming,
        stream: false,
        fault: incoming.faultText,
        receivedMs: context.epochMs(incoming.receivedMs),
        arrivalMs: context.epochMs(incoming.arrivalMs),
      },
      { httpStatus: 200, endMs, outcome, promptTokens, cachedTokens },
    )
    if (scheduledMs !== undefined) record.scheduledMs = context.epochMs(scheduledMs)
    if (outcome === 'finished') record.headersMs = endMs
    context.onRecord(record)
  }
  const onClose = (): void => end('client_disconnected')
  req.socket.on('close', onClose)

  const answer = (): void => {
    const data = prompts.map((ids, index) => {
      const vector = embed(ids, size)
      const embedding =
        format === 'float'
          ? vector
          : Buffer.from(Float32Array.from(vector).buffer).toString('base64')
      return { object: 'embedding', index, embedding }
    })
    const usage = { prompt_tokens: promptTokens, total_tokens: promptTokens }
    const body = JSON.stringify({ object: 'list', data, model: incoming.model, usage })
    sendJson(res, 200, body, { 'x-request-id': incoming.id })
    end('finished')
  }
  for (const [i, ids] of prompts.entries()) {
    metrics.promptTokens(ids.length)
    const keys = options.preset === 'engine' ? blockKeys(ids, options.engine.blockSize) : []
    driver.submit(
      { id: `${sequence}:${i}`, promptTokens: ids.length, outputTokens: 1, blockKeys: keys },
      {
        onScheduled(atMs, cached) {
          scheduledMs ??= atMs
          cachedTokens += cached
        },
        onToken() {
          if (--open === 0) answer()
        },
        onPreempted: () => undefined,
      },
      incoming.arrivalMs,
    )
  }
  return { abort: end }
}
