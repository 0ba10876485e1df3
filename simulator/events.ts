import type { FaultSet } from './fault-set.ts'
import type { StreamEvent } from './formats/index.ts'
import type { Wire } from './wire.ts'

export interface EventStyle {
  framing: 'sse' | 'ndjson'
  crlf: boolean
  faults: FaultSet
}

/** Puts events on the wire in their framing, as many in one write as the faults ask. */
export interface EventWriter {
  emit(event: StreamEvent): void
  /** Writes out what waits to fill a write. */
  flush(): void
  /** A sign of life between events: a comment, or an event. */
  ping(): void
}

export function createEventWriter(wire: Wire, style: EventStyle): EventWriter {
  const { framing, faults } = style
  const eol = style.crlf || faults.crlf ? '\r\n' : faults.cr ? '\r' : '\n'
  const space = faults['no-space'] ? '' : ' '
  const eventsPerWrite = faults.coalesce?.value ?? 1
  let count = 0
  let unsent = ''
  let unsentEvents = 0

  function written(event: string | undefined, data: string): string {
    if (framing === 'ndjson') return data + eol
    const name = event === undefined ? '' : `event:${space}${event}${eol}`
    return `${name}data:${space}${data}${eol}${eol}`
  }
  function flush(): void {
    if (unsent === '') return
    wire.chunk(unsent)
    unsent = ''
    unsentEvents = 0
  }

  return {
    emit({ event, data: plain }) {
      const data = faults['error-empty'] ? withEmptyError(plain) : plain
      const extra = faults.comments ? decoration(count, event, eol) : ''
      unsent += extra + written(event, data)
      count++
      if (++unsentEvents >= eventsPerWrite) flush()
    },
    flush,
    ping() {
      // NDJSON has no comments.
      if (!wire.begun || unsent !== '' || framing === 'ndjson') return
      if (faults['ping-event']) wire.chunk(written('ping', '{"type":"ping"}'))
      else wire.chunk(`: ping${eol}${eol}`)
    },
  }
}

function withEmptyError(data: string): string {
  return data.startsWith('{"') ? `{"error":"",${data.slice(1)}` : data
}

/** Every kind of line that the SSE standard has besides `data`, in turns. */
function decoration(sequence: number, event: string | undefined, eol: string): string {
  const all = [
    `: a comment${eol}`,
    // Where a format names its events, a second name would win.
    event === undefined ? `event: message${eol}` : `: ${event}${eol}`,
    `id: ${sequence}${eol}`,
    `retry: 3000${eol}`,
    `:${eol}${eol}`,
    `${eol}${eol}`,
  ]
  return all[sequence % all.length]!
}
