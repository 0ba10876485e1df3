import { protocols } from '../../lib/protocols/index.ts'
import type { FormatName, SimRecord, Simulator } from '../../simulator/index.ts'
import { call } from './client.ts'
import type { Answer } from './client.ts'

/** One request in a wire format, as the project's own client writes it. */
export function bodyOf(format: FormatName, maxTokens: number): { path: string; body: unknown } {
  const protocol = protocols[format]!
  const { path, body } = protocol.encode(
    { prompt: 'hi there', maxTokens, ignoreEos: true, temperature: 0 },
    { model: 'sim-model', stream: protocol.streams, includeUsage: true },
  )
  return { path: protocol.native ? path : `/v1${path}`, body: JSON.parse(body) }
}

export interface Seen {
  format: FormatName
  answer: Answer
  /** The same request with no fault. */
  plain: Answer
  record: SimRecord
  /** Epoch ms when the answer was over at the client. */
  overMs: number
}

let asked = 0

/** Asks with a fault; the answer, and what the simulator has recorded of it. */
export async function ask(
  simulator: Simulator,
  format: FormatName,
  fault: string,
  maxTokens = 10,
): Promise<Omit<Seen, 'plain' | 'format'>> {
  const { path, body } = bodyOf(format, maxTokens)
  const id = `asked-${asked++}`
  const headers = { 'x-sim-fault': fault, 'x-request-id': id, authorization: 'Bearer my-own-key' }
  const url = `http://127.0.0.1:${simulator.port}${path}`
  const answer = await call(url, body, headers)
  const overMs = performance.timeOrigin + performance.now()
  return { answer, overMs, record: await recordOf(simulator, id) }
}

/** The record comes when the connection is gone, maybe after the client has seen it. */
export async function recordOf(simulator: Simulator, id: string): Promise<SimRecord> {
  for (let i = 0; i < 400; i++) {
    const record = simulator.records().find((one) => one.id === id)
    if (record !== undefined) return record
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`the simulator has no record of ${id}`)
}
