import type { FinishReason, StreamEvent, WireFormat } from './formats/index.ts'
import type { Strike } from './strikes.ts'
import type { Wire } from './wire.ts'

/** What a fault can do to the answer that is under way. */
export interface Spoiler {
  emit(events: readonly StreamEvent[]): void
  /** Holds tokens back for so long. */
  holdFor(ms: number): void
  /** What was put on the wire goes out, then `act`, and the answer is over. */
  spoil(act: () => void): void
  /** Ends every open choice for this reason, in good order. */
  finishAll(reason: FinishReason): void
}

/** The faults that strike in the middle of a stream, in the order of those of one token. */
export function midwayFaults(format: WireFormat, wire: Wire, spoiler: Spoiler): Strike[] {
  const { emit, spoil, finishAll, holdFor } = spoiler
  const { doneLine } = format
  const fail = (event: StreamEvent) => () => {
    emit(doneLine ? [event, doneLine] : [event])
    spoil(wire.end)
  }
  const finish = (reason: FinishReason) => () => finishAll(reason)
  return [
    // A stall comes first: what ends the stream may be asked for at the same token.
    { fault: 'stall', holds: true, act: (ms) => holdFor(ms === 0 ? Infinity : ms) },
    { fault: 'bad-json', holds: false, act: () => emit([{ data: '{"choices":[{"index":0,' }]) },
    {
      fault: 'bad-chunk',
      holds: true,
      act: () =>
        spoil(() => {
          wire.raw('xyz\r\nthis is no chunk\r\n')
          wire.cut()
        }),
    },
    {
      fault: 'error-event',
      holds: true,
      act: fail(format.errorEvent('simulated: the engine died')),
    },
    { fault: 'error-flat', holds: true, act: fail({ event: 'error', data: flatError }) },
    { fault: 'error-details', holds: true, act: fail({ event: 'error', data: detailsError }) },
    { fault: 'error-choice', holds: true, act: finish('error') },
    { fault: 'finish-abort', holds: true, act: finish('abort') },
    { fault: 'finish-error', holds: true, act: finish('error') },
    { fault: 'finish-filter', holds: true, act: finish('content_filter') },
    { fault: 'truncate', holds: true, act: () => spoil(wire.end) },
    { fault: 'cut', holds: true, act: () => spoil(wire.cut) },
    { fault: 'reset', holds: true, act: () => spoil(wire.reset) },
  ]
}

const flatError = '{"message":"capacity exceeded","code":"overloaded","type":"server_error"}'
const detailsError = '{"code":500,"details":"unexpected error occurred while processing request"}'
