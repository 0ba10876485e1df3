import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError } from './api-error.ts'
import { parseBody, readBody, rejectUnknown } from './body.ts'
import type { Json } from './body.ts'
import { runEmbeddings } from './embeddings.ts'
import { checkFormat, drawFaults, parseFaults } from './fault-set.ts'
import type { FaultRule, FaultSet } from './fault-set.ts'
import type { FormatName } from './formats/index.ts'
import { runGeneration } from './generation.ts'
import { afterAnswer, answerHardFault, waitForClose } from './hard-faults.ts'
import type { Incoming, Running, ServingContext } from './incoming.ts'
import { planGeneration } from './plan.ts'
import { blankRecord } from './records.ts'
import type { SimRecord } from './records.ts'
import { resolveModel } from './resolve-model.ts'
import { formatOf } from './routes.ts'
import type { Route } from './routes.ts'
import { sendJson } from './send-json.ts'

/** What the server does for every request that asks for an answer. */
export interface RequestsContext extends Omit<ServingContext, 'onRecord'> {
  onRequest(): void
  onRecord(record: SimRecord): void
  /** What the server does by itself now. */
  rules(): readonly FaultRule[]
  refuse(ms: number): void
}

export interface Requests {
  /** Serves one request from its head to its record; refusals are answered and recorded too. */
  serve(route: Route, req: IncomingMessage, res: ServerResponse): Promise<void>
  readonly inFlight: ReadonlySet<Running>
}

/** In the text of a request, whatever member of its body holds the prompt. */
const FAULT_IN_PROMPT = /x-sim-fault: ([\w.,=@-]+)/

export function createRequests(context: RequestsContext): Requests {
  const { options, epochMs } = context
  const inFlight = new Set<Running>()
  let nextSequence = 0
  const startedMs = performance.now()

  function faultsOf(
    header: string | undefined,
    suffix: string | undefined,
    sequence: number,
    format: FormatName,
  ): FaultSet {
    const asked = header ?? suffix
    if (asked === undefined) {
      const moment = { inFlight: inFlight.size + 1, elapsedMs: performance.now() - startedMs }
      return drawFaults(context.rules(), options.seed, sequence, format, moment)
    }
    try {
      const faults = parseFaults(asked)
      checkFormat(faults, format)
      return faults
    } catch (error) {
      throw new ApiError(400, (error as Error).message, { param: 'x-sim-fault' })
    }
  }

  function run(incoming: Incoming, route: Route, body: Json): void {
    let running: Running | undefined
    const serving: ServingContext = {
      ...context,
      onRecord(record) {
        if (running !== undefined) inFlight.delete(running)
        context.onRecord(record)
      },
    }
    if (answerHardFault(incoming, body)) running = waitForClose(serving, incoming)
    else {
      const format = formatOf(route, body)
      afterAnswer(incoming)
      if (format === undefined) {
        if (options.strict) rejectUnknown(body)
        running = runEmbeddings(serving, incoming, body)
      } else {
        const asked = format.read(body, { stream: route.stream, strict: options.strict })
        running = runGeneration(serving, incoming, planGeneration(format, asked, incoming, options))
      }
    }
    inFlight.add(running)
  }

  return {
    inFlight,
    async serve(route, req, res) {
      const sequence = nextSequence++
      const receivedMs = performance.now()
      const id = req.headers['x-request-id']?.toString() ?? `sim-${sequence}`
      const header = req.headers['x-sim-fault']?.toString()
      let arrivalMs = receivedMs
      let body: Json = {}
      context.onRequest()
      try {
        const text = await readBody(req)
        arrivalMs = performance.now()
        body = parseBody(text)
        const endpoint = formatOf(route, body)?.name ?? 'embeddings'
        const { model, fault } = resolveModel(route.model ?? body['model'], options.models)
        const inPrompt = options.faultsInPrompts ? FAULT_IN_PROMPT.exec(text)?.[1] : undefined
        const faults = faultsOf(header ?? inPrompt, fault, sequence, endpoint)
        const faultText = textOf(faults)
        const at = { id, sequence, receivedMs, arrivalMs }
        if (faults.refuse) return context.refuse(faults.refuse.value)
        run({ ...at, req, res, model, faults, faultText, endpoint }, route, body)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        const format = formatOf(route, body)
        const given = {
          id,
          sequence,
          endpoint: format?.name ?? route.name,
          model: String(body['model'] ?? ''),
          stream: body['stream'] === true,
          fault: header ?? '',
          receivedMs: epochMs(receivedMs),
          arrivalMs: epochMs(arrivalMs),
        }
        const more = { httpStatus: error.status, endMs: epochMs(performance.now()) }
        context.onRecord(blankRecord(given, { ...more, outcome: 'rejected' }))
        if (format === undefined) throw error
        sendJson(res, error.status, format.errorBody(error), error.headers)
      }
    },
  }
}

function textOf(faults: FaultSet): string {
  return Object.entries(faults)
    .map(([name, f]) => `${name}=${f.value}${f.at === undefined ? '' : `@${f.at}`}`)
    .join(',')
}
