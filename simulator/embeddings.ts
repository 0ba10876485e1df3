import { badField } from './api-error.ts'
import { optionalInteger } from './body.ts'
import type { Json } from './body.ts'
import { recordOf } from './incoming.ts'
import type { Incoming, Running, ServingContext } from './incoming.ts'
import { readPlain } from './messages.ts'
import type { SimulatorOptions } from './options.ts'
import { promptIds } from './prompts.ts'
import { mix32 } from './random.ts'
import type { SimRecord } from './records.ts'
import { sendJson } from './send-json.ts'
import { blockKeys } from './tokenizer.ts'

interface Asked {
  base64: boolean
  /** Length of a vector. */
  size: number
  /** Token ids of each text. */
  prompts: (readonly number[])[]
}

/** Serves an embeddings request: each text is a prefill and nothing else. @throws ApiError 400 */
export function runEmbeddings(context: ServingContext, incoming: Incoming, body: Json): Running {
  const { driver, metrics, options } = context
  const { req, res, sequence } = incoming
  const asked = readAsked(body, options)
  const { prompts } = asked
  const promptTokens = prompts.reduce((sum, ids) => sum + ids.length, 0)
  let open = prompts.length
  let scheduledMs: number | undefined
  let cachedTokens = 0
  let over = false

  function end(outcome: SimRecord['outcome']): void {
    if (over) return
    over = true
    req.socket.removeListener('close', onClose)
    for (const i of prompts.keys()) driver.cancel(`${sequence}:${i}`)
    const endMs = context.epochMs(driver.nowMs())
    const record = recordOf(context, incoming, false, {
      httpStatus: 200,
      scheduledMs: scheduledMs === undefined ? undefined : context.epochMs(scheduledMs),
      headersMs: outcome === 'finished' ? endMs : undefined,
      endMs,
      outcome,
      promptTokens,
      cachedTokens,
    })
    context.onRecord(record)
  }
  function onClose(): void {
    end('client_disconnected')
  }
  function answer(): void {
    sendJson(res, 200, answerOf(asked, incoming.model, promptTokens), {
      'x-request-id': incoming.id,
    })
    end('finished')
  }

  req.socket.on('close', onClose)
  const listener = {
    onScheduled(atMs: number, cached: number) {
      scheduledMs ??= atMs
      cachedTokens += cached
    },
    onToken() {
      if (--open === 0) answer()
    },
    onPreempted: () => undefined,
  }
  for (const [i, ids] of prompts.entries()) {
    metrics.promptTokens(ids.length)
    const keys = options.preset === 'engine' ? blockKeys(ids, options.engine.blockSize) : []
    driver.submit(
      { id: `${sequence}:${i}`, promptTokens: ids.length, outputTokens: 1, blockKeys: keys },
      listener,
      incoming.arrivalMs,
    )
  }
  return { abort: end }
}

function readAsked(body: Json, options: SimulatorOptions): Asked {
  const format = body['encoding_format'] ?? 'float'
  if (format !== 'float' && format !== 'base64')
    throw badField('encoding_format', 'encoding_format must be "float" or "base64"')
  const size = optionalInteger(body, 'dimensions', 1, 16_384) ?? options.embeddingSize
  const prompts = readPlain(body['input'], 'input').map((plain) => promptIds({ plain }, options))
  for (const [i, ids] of prompts.entries()) {
    if (ids.length === 0) throw badField('input', `input[${i}] must not be empty`)
    if (ids.length >= options.maxModelLen)
      throw badField(
        'input',
        `input[${i}] has ${ids.length} tokens; fewer than ${options.maxModelLen} are accepted`,
      )
  }
  return { base64: format === 'base64', size, prompts }
}

function answerOf({ base64, size, prompts }: Asked, model: string, promptTokens: number): string {
  const data = prompts.map((ids, index) => {
    const vector = embed(ids, size)
    const embedding = base64
      ? Buffer.from(Float32Array.from(vector).buffer).toString('base64')
      : vector
    return { object: 'embedding', index, embedding }
  })
  const usage = { prompt_tokens: promptTokens, total_tokens: promptTokens }
  return JSON.stringify({ object: 'list', data, model, usage })
}

/** A unit vector that depends on the tokens alone. */
function embed(ids: readonly number[], size: number): number[] {
  const seed = ids.reduce((h, id) => mix32(h, id), 1)
  const vector = Array.from({ length: size }, (_, i) => mix32(seed, i) / 2 ** 31 - 1)
  const length = Math.hypot(...vector) || 1
  return vector.map((x) => x / length)
}
