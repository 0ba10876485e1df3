import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { ApiError } from './api-error.ts'
import { parseBody, readBody, rejectUnknown } from './body.ts'
import type { Json } from './body.ts'
import { answerControl } from './control.ts'
import { createDriver } from './driver.ts'
import { runEmbeddings } from './embeddings.ts'
import { drawFaults, parseFaults } from './faults.ts'
import type { FaultSet } from './faults.ts'
import { runGeneration } from './generation.ts'
import type { Running } from './generation.ts'
import { answerHardFault, waitForClose } from './hard-faults.ts'
import { createServerMetrics } from './metrics.ts'
import { checkFaultRules, completeOptions } from './options.ts'
import type { SimulatorSettings } from './options.ts'
import { planGeneration } from './plan.ts'
import { chatPrompt, plainPrompts } from './prompts.ts'
import { resolveModel } from './resolve-model.ts'
import { blankRecord, createRecordStore } from './records.ts'
import type { SimRecord } from './records.ts'
import { sendJson } from './send-json.ts'
import { createTally } from './tally.ts'
import type { Simulator } from './types.ts'

/**
 * Starts a simulated OpenAI-compatible inference server on this machine.
 *
 * @param settings over the defaults; see {@link SimulatorOptions}
 * @throws RangeError with every problem of the settings; the error of listen when the port is taken
 */
export const startSimulator = async (settings: SimulatorSettings = {}): Promise<Simulator> => {
  const options = completeOptions(settings)
  const driver = createDriver(options)
  const metrics = createServerMetrics(options.models[0]!)
  const store = createRecordStore(options.maxRecords, options.maxRecordedTokens)
  const tally = createTally()
  const inFlight = new Set<Running>()
  const sockets = new Set<Socket>()
  const epochMs = (ms: number): number => performance.timeOrigin + ms
  let rules = options.faults
  let sequence = 0
  let coldUntilMs = 0
  let activeMs = -Infinity
  let reopening: NodeJS.Timeout | undefined
  let reopened: () => void = () => undefined

  const onRecord = (record: SimRecord): void => {
    store.add(record)
    tally.record(record)
    activeMs = performance.now()
  }
  const readyAtMs = (): number => {
    const nowMs = performance.now()
    const idle = inFlight.size === 0 && nowMs - activeMs >= options.coldAfterMs
    if (options.coldStartMs > 0 && idle && nowMs >= coldUntilMs)
      coldUntilMs = nowMs + options.coldStartMs
    return coldUntilMs
  }

  const resolveFaults = (
    header: string | undefined,
    suffix: string | undefined,
    number: number,
  ): FaultSet => {
    try {
      if (header !== undefined) return parseFaults(header)
      if (suffix !== undefined) return parseFaults(suffix)
    } catch (error) {
      throw new ApiError(400, (error as Error).message, { param: 'x-sim-fault' })
    }
    return drawFaults(rules, options.seed, number)
  }

  const generate = (
    kind: 'chat' | 'completions' | 'embeddings',
    req: IncomingMessage,
    res: ServerResponse,
    body: Json,
    at: { receivedMs: number; arrivalMs: number; number: number; id: string },
  ): void => {
    const { model, fault } = resolveModel(body, options.models)
    const header = req.headers['x-sim-fault']
    const faults = resolveFaults(header?.toString(), fault, at.number)
    const faultText = Object.entries(faults)
      .map(([name, f]) => `${name}=${f.value}${f.at === undefined ? '' : `@${f.at}`}`)
      .join(',')
    const base = { ...at, req, res, faults, faultText, model, sequence: at.number, endpoint: kind }
    if (faults.refuse) return void simulator.refuse(faults.refuse.value)
    let running: Running | undefined
    const context = {
      options,
      driver,
      metrics,
      epochMs,
      readyAtMs,
      onLateness: tally.lateness,
      onRecord(record: SimRecord) {
        if (running !== undefined) inFlight.delete(running)
        onRecord(record)
      },
    }
    if (answerHardFault(faults, res)) running = waitForClose(context, base)
    else if (kind === 'embeddings') running = runEmbeddings(context, base, body)
    else {
      const plan = planGeneration(kind, body, options, at.number)
      running = runGeneration(context, { ...base, plan })
    }
    inFlight.add(running)
  }

  const route = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const receivedMs = performance.now()
    const path = (req.url ?? '/').split('?')[0]!
    if (path.startsWith('/sim/')) return answerControl(simulator, path, req, res)
    if (path === '/health' || path === '/ping') return void res.writeHead(200).end()
    if (path === '/version') return sendJson(res, 200, '{"version":"0.0.0-simulated"}')
    if (path === '/metrics') {
      res.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
      return void res.end(metrics.expose(driver.engine()))
    }
    const kind = {
      '/v1/chat/completions': 'chat',
      '/v1/completions': 'completions',
      '/v1/embeddings': 'embeddings',
      '/tokenize': 'tokenize',
      '/v1/models': 'models',
    }[path]
    if (kind === undefined) throw new ApiError(404, `Not Found: ${req.method} ${path}`)
    if (options.apiKey !== undefined && req.headers.authorization !== `Bearer ${options.apiKey}`)
      throw new ApiError(401, 'Incorrect API key provided.', { code: 'invalid_api_key' })
    if (kind === 'models') {
      const data = options.models.map((id) => ({
        id,
        object: 'model',
        created: Math.floor(performance.timeOrigin / 1000),
        owned_by: 'simulator',
        max_model_len: options.maxModelLen,
      }))
      return sendJson(res, 200, JSON.stringify({ object: 'list', data }))
    }
    if (req.method !== 'POST')
      throw new ApiError(405, `${req.method} ${path}: POST is accepted`, {
        headers: { allow: 'POST' },
      })
    const number = sequence++
    const id = req.headers['x-request-id']?.toString() ?? `sim-${number}`
    if (kind !== 'tokenize') tally.request()
    let arrivalMs = receivedMs
    let body: Json = {}
    try {
      const text = await readBody(req)
      arrivalMs = performance.now()
      body = parseBody(text)
      if (kind === 'tokenize') return tokenize(body, res)
      if (options.strict && kind === 'embeddings') rejectUnknown(body)
      generate(kind as 'chat', req, res, body, { receivedMs, arrivalMs, number, id })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (kind !== 'tokenize')
        onRecord(
          blankRecord(
            {
              id,
              sequence: number,
              endpoint: kind,
              model: String(body['model'] ?? ''),
              stream: body['stream'] === true,
              fault: req.headers['x-sim-fault']?.toString() ?? '',
              receivedMs: epochMs(receivedMs),
              arrivalMs: epochMs(arrivalMs),
            },
            { httpStatus: error.status, endMs: epochMs(performance.now()), outcome: 'rejected' },
          ),
        )
      throw error
    }
  }

  const tokenize = (body: Json, res: ServerResponse): void => {
    resolveModel(body, options.models)
    const tokens = Array.isArray(body['messages'])
      ? chatPrompt(body, options)
      : plainPrompts(body['prompt'], 'prompt', options)[0]!
    const answer = { count: tokens.length, max_model_len: options.maxModelLen, tokens }
    sendJson(res, 200, JSON.stringify(answer))
  }

  const server = createServer(
    { noDelay: true, keepAliveTimeout: options.keepAliveMs },
    (req, res) => {
      route(req, res).catch((error: unknown) => {
        if (res.headersSent || res.destroyed) return void req.socket.destroy()
        const known =
          error instanceof ApiError ? error : new ApiError(500, `simulator: ${String(error)}`)
        sendJson(res, known.status, known.body(), known.headers)
      })
    },
  )
  server.on('connection', (socket) => {
    sockets.add(socket)
    tally.connection()
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
  })

  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, options.host, 4096, () => {
        server.removeListener('error', reject)
        resolve()
      })
    })
  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      if (!server.listening) return resolve()
      server.close(() => resolve())
      for (const running of inFlight) running.abort('server_closed')
      for (const socket of sockets) socket.destroy()
    })
  await listen(options.port)
  const { port } = server.address() as AddressInfo

  const simulator: Simulator = {
    url: `http://${options.host}:${port}/v1`,
    port,
    options,
    records: () => store.all(),
    stats: () => tally.stats(driver.engine(), inFlight.size, store.dropped()),
    reset() {
      store.clear()
      tally.reset(inFlight.size)
    },
    faults: () => rules,
    setFaults(next) {
      const problems = checkFaultRules(next)
      if (problems.length > 0) throw new RangeError(problems.join('; '))
      rules = next
    },
    async refuse(ms) {
      await shut()
      await new Promise<void>((resolve) => {
        reopened = resolve
        reopening = setTimeout(() => listen(port).then(resolve, resolve), ms)
      })
    },
    async close() {
      clearTimeout(reopening)
      await shut()
      reopened()
      driver.close()
    },
  }
  return simulator
}
