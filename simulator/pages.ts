import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError } from './api-error.ts'
import { parseBody, readBody } from './body.ts'
import { readMessages, readPlain } from './messages.ts'
import type { SimulatorOptions } from './options.ts'
import { promptIds } from './prompts.ts'
import { resolveModel } from './resolve-model.ts'
import { sendJson } from './send-json.ts'

/** Pages that every server has, whoever asks. @returns whether this was one */
export function answerOpenPage(path: string, res: ServerResponse, metrics: () => string): boolean {
  switch (path) {
    case '/health':
    case '/ping':
      res.writeHead(200).end()
      return true
    case '/version':
      sendJson(res, 200, '{"version":"0.0.0-simulated"}')
      return true
    case '/metrics':
      res.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
      res.end(metrics())
      return true
    default:
      return false
  }
}

/** OpenAI's list of models. */
export function sendModels(options: SimulatorOptions, res: ServerResponse): void {
  const created = Math.floor(performance.timeOrigin / 1000)
  const data = options.models.map((id) => ({
    id,
    object: 'model',
    created,
    owned_by: 'simulator',
    max_model_len: options.maxModelLen,
  }))
  sendJson(res, 200, JSON.stringify({ object: 'list', data }))
}

/** vLLM's /tokenize. @throws ApiError 400, 404 */
export async function tokenize(
  options: SimulatorOptions,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const body = parseBody(await readBody(req))
  resolveModel(body['model'], options.models)
  const { messages, tools, prompt } = body
  const tokens = promptIds(
    Array.isArray(messages)
      ? { messages: readMessages(messages), tools: Array.isArray(tools) ? tools : [] }
      : { plain: readPlain(prompt, 'prompt')[0]! },
    options,
  )
  const answer = { count: tokens.length, max_model_len: options.maxModelLen, tokens }
  sendJson(res, 200, JSON.stringify(answer))
}

/** @throws ApiError 401 as OpenAI's when the key is not the one that is asked for */
export function checkKey(apiKey: string | undefined, req: IncomingMessage): void {
  const { authorization } = req.headers
  if (apiKey === undefined || authorization === `Bearer ${apiKey}`) return
  if (req.headers['x-api-key'] === apiKey) return
  throw new ApiError(401, 'Incorrect API key provided.', { code: 'invalid_api_key' })
}
