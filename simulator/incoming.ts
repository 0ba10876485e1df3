import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Driver } from './driver.ts'
import type { FaultSet } from './fault-set.ts'
import type { ServerMetrics } from './metrics.ts'
import type { SimulatorOptions } from './options.ts'
import { blankRecord } from './records.ts'
import type { SimRecord } from './records.ts'

/** What requests are served with. */
export interface ServingContext {
  options: SimulatorOptions
  driver: Driver
  metrics: ServerMetrics
  /** Lateness of a token that no fault held back, ms. */
  onLateness(ms: number): void
  /** Every request comes by here once, when it is over. */
  onRecord(record: SimRecord): void
  /** A time of the driver's clock as epoch ms. */
  epochMs(ms: number): number
  /** When requests that wait for a cold model go on, on the driver's clock; 0 = now. */
  readyAtMs(): number
}

/** A request whose body has been read. Times in ms on the driver's clock. */
export interface Incoming {
  req: IncomingMessage
  res: ServerResponse
  model: string
  faults: FaultSet
  faultText: string
  id: string
  sequence: number
  /** Name of the wire format. */
  endpoint: string
  receivedMs: number
  arrivalMs: number
}

/** A request that is being served. */
export interface Running {
  abort(outcome: 'client_disconnected' | 'slow_client' | 'server_closed'): void
}

/** The record of a request, with what `more` says of its answer. */
export function recordOf(
  context: ServingContext,
  incoming: Incoming,
  stream: boolean,
  more: Partial<SimRecord> & Pick<SimRecord, 'httpStatus' | 'outcome'>,
): SimRecord {
  const given = {
    ...incoming,
    stream,
    fault: incoming.faultText,
    receivedMs: context.epochMs(incoming.receivedMs),
    arrivalMs: context.epochMs(incoming.arrivalMs),
  }
  return blankRecord(given, { endMs: context.epochMs(context.driver.nowMs()), ...more })
}
