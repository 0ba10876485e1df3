import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApiError } from './api-error.ts'
import { createColdModel } from './cold-model.ts'
import { answerControl } from './control.ts'
import { createDriver } from './driver.ts'
import { openaiError } from './formats/index.ts'
import { createListener } from './listener.ts'
import { createServerMetrics } from './metrics.ts'
import { checkFaultRules, completeOptions } from './options.ts'
import type { SimulatorSettings } from './options.ts'
import { answerOpenPage, checkKey, sendModels, tokenize } from './pages.ts'
import { createRecordStore } from './records.ts'
import { createRequests } from './requests.ts'
import { routeOf } from './routes.ts'
import { sendJson } from './send-json.ts'
import { createTally } from './tally.ts'
import type { Simulator } from './types.ts'

/**
 * Starts a simulated inference server on this machine, which speaks every wire format.
 *
 * @param settings over the defaults; see {@link SimulatorOptions}
 * @throws RangeError with every problem of the settings; the error of listen when the port is taken
 */
export async function startSimulator(settings: SimulatorSettings = {}): Promise<Simulator> {
  const options = completeOptions(settings)
  const driver = createDriver(options)
  const metrics = createServerMetrics(options.models[0]!)
  const store = createRecordStore(options.maxRecords, options.maxRecordedTokens)
  const tally = createTally()
  const cold = createColdModel(options)
  let rules = options.faults

  const requests = createRequests({
    options,
    driver,
    metrics,
    epochMs: (ms) => performance.timeOrigin + ms,
    readyAtMs: () => cold.readyAtMs(performance.now(), requests.inFlight.size === 0),
    onLateness: tally.lateness,
    onRequest: tally.request,
    onRecord(record) {
      store.add(record)
      tally.record(record)
      cold.active(performance.now())
    },
    rules: () => rules,
    refuse: (ms) => void simulator.refuse(ms),
  })

  async function route(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = (req.url ?? '/').split('?')[0]!
    if (path.startsWith('/sim/')) return answerControl(simulator, path, req, res)
    if (answerOpenPage(path, res, () => metrics.expose(driver.engine()))) return
    const found = routeOf(path)
    const known = found !== undefined || path === '/v1/models' || path === '/tokenize'
    if (!known) throw new ApiError(404, `Not Found: ${req.method} ${path}`)
    checkKey(options.apiKey, req)
    if (path === '/v1/models') return sendModels(options, res)
    if (req.method !== 'POST')
      throw new ApiError(405, `${req.method} ${path}: POST is accepted`, {
        headers: { allow: 'POST' },
      })
    return found === undefined ? tokenize(options, req, res) : requests.serve(found, req, res)
  }

  const server = createServer(
    { noDelay: true, keepAliveTimeout: options.keepAliveMs },
    (req, res) => {
      route(req, res).catch((error: unknown) => {
        if (res.headersSent || res.destroyed) return void req.socket.destroy()
        const known =
          error instanceof ApiError ? error : new ApiError(500, `simulator: ${String(error)}`)
        sendJson(res, known.status, openaiError(known), known.headers)
      })
    },
  )
  const listener = createListener(server, options, {
    connection: tally.connection,
    closing() {
      for (const running of requests.inFlight) running.abort('server_closed')
    },
  })
  await listener.listen(options.port)
  const { port } = server.address() as AddressInfo

  const simulator: Simulator = {
    url: `http://${options.host}:${port}/v1`,
    port,
    options,
    records: () => store.all(),
    stats: () => tally.stats(driver.engine(), requests.inFlight.size, store.dropped()),
    reset() {
      store.clear()
      tally.reset(requests.inFlight.size)
    },
    faults: () => rules,
    setFaults(next) {
      const problems = checkFaultRules(next)
      if (problems.length > 0) throw new RangeError(problems.join('; '))
      rules = next
    },
    refuse: listener.refuse,
    async close() {
      await listener.close()
      driver.close()
    },
  }
  return simulator
}
