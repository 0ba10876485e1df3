import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ApiError } from './api-error.ts'
import { isObject, parseBody, readBody } from './body.ts'
import { sendJson } from './send-json.ts'
import type { Simulator } from './types.ts'

/** The simulator's own pages under `/sim/`: records, stats, reset, faults. */
export async function answerControl(
  simulator: Simulator,
  path: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const json = (value: unknown): void => sendJson(res, 200, JSON.stringify(value))
  switch (`${req.method} ${path}`) {
    case 'GET /sim/records': {
      res.writeHead(200, { 'content-type': 'application/x-ndjson' })
      // Waits for a slow reader, as all records together may be many megabytes.
      const lines = Readable.from(recordLines(simulator))
      return void (await pipeline(lines, res).catch(() => res.destroy()))
    }
    case 'GET /sim/stats':
      return json(simulator.stats())
    case 'POST /sim/reset':
      simulator.reset()
      return json({})
    case 'GET /sim/faults':
      return json({ faults: simulator.faults() })
    case 'POST /sim/faults': {
      const body = parseBody(await readBody(req))
      const given = Array.isArray(body['faults'])
        ? body['faults']
        : body['fault']
          ? [body]
          : undefined
      const rules = given?.map((rule: unknown) => {
        if (!isObject(rule)) throw new ApiError(400, 'a fault is {"fault": name, "probability": p}')
        return {
          fault: String(rule['fault']),
          probability: Number(rule['probability'] ?? 1),
          ...(rule['above'] === undefined ? {} : { above: Number(rule['above']) }),
          ...(rule['afterMs'] === undefined ? {} : { afterMs: Number(rule['afterMs']) }),
        }
      })
      try {
        if (rules !== undefined) simulator.setFaults(rules)
      } catch (error) {
        throw new ApiError(400, (error as Error).message)
      }
      const ms = body['refuseMs']
      if (typeof ms === 'number') res.on('finish', () => void simulator.refuse(ms))
      return json({ faults: simulator.faults() })
    }
    default:
      throw new ApiError(404, `no such page: ${req.method} ${path}`)
  }
}

function* recordLines(simulator: Simulator): Generator<string> {
  for (const record of simulator.records()) yield `${JSON.stringify(record)}\n`
}
