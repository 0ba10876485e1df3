/** What the server saw of one request. Times in epoch ms with fractions, all on one clock. */
export interface SimRecord {
  /** `x-request-id` of the request, else the server's own. */
  id: string
  /** In the order of arrival, from 0. */
  sequence: number
  endpoint: string
  model: string
  stream: boolean
  /** Faults that struck, as in `x-sim-fault`; '' = none. */
  fault: string
  httpStatus: number
  /** Request head read. */
  receivedMs: number
  /** Request body read: the timetable starts here. */
  arrivalMs: number
  /** First taken into a batch. */
  scheduledMs: number | undefined
  headersMs: number | undefined
  /** First token's bytes handed to the socket. */
  firstTokenMs: number | undefined
  lastTokenMs: number | undefined
  endMs: number
  /** By the timetable, for each token written. */
  tokenScheduledMs: readonly number[]
  /** When its bytes were handed to the socket; of an answer that is not streamed, its end. */
  tokenWrittenMs: readonly number[]
  /** By the timetable, for each token that was generated and nothing was sent for. */
  tokenUnsentMs: readonly number[]
  promptTokens: number
  cachedTokens: number
  /** Tokens planned; `tokenWrittenMs` has those that were sent. */
  outputTokens: number
  reasoningTokens: number
  preemptions: number
  /** `faulted`: the answer was spoilt on request and the client stayed to the end of it. */
  outcome:
    'finished' | 'faulted' | 'rejected' | 'client_disconnected' | 'slow_client' | 'server_closed'
}

export interface RecordStore {
  add(record: SimRecord): void
  all(): SimRecord[]
  /** How many the bounds have pushed out. */
  dropped(): number
  clear(): void
}

/** Keeps the newest records, bounded in number and in tokens in all. */
export function createRecordStore(maxRecords: number, maxTokens: number): RecordStore {
  let records: (SimRecord | undefined)[] = []
  let first = 0
  let tokens = 0
  let dropped = 0
  return {
    add(record) {
      records.push(record)
      tokens += record.tokenWrittenMs.length
      while (
        records.length - first > maxRecords ||
        (tokens > maxTokens && records.length - first > 1)
      ) {
        tokens -= records[first]!.tokenWrittenMs.length
        records[first++] = undefined
        dropped++
      }
      if (first > 1024 && first * 2 > records.length) {
        records = records.slice(first)
        first = 0
      }
    },
    all: () => records.slice(first) as SimRecord[],
    dropped: () => dropped,
    clear() {
      records = []
      first = 0
      tokens = 0
      dropped = 0
    },
  }
}

/** A record without tokens: of rejected requests, and what other records start from. */
export function blankRecord(
  given: Pick<
    SimRecord,
    'id' | 'sequence' | 'endpoint' | 'model' | 'stream' | 'fault' | 'receivedMs' | 'arrivalMs'
  >,
  more: Partial<SimRecord> & Pick<SimRecord, 'httpStatus' | 'endMs' | 'outcome'>,
): SimRecord {
  return {
    scheduledMs: undefined,
    headersMs: undefined,
    firstTokenMs: undefined,
    lastTokenMs: undefined,
    tokenScheduledMs: [],
    tokenWrittenMs: [],
    tokenUnsentMs: [],
    promptTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    preemptions: 0,
    id: given.id,
    sequence: given.sequence,
    endpoint: given.endpoint,
    model: given.model,
    stream: given.stream,
    fault: given.fault,
    receivedMs: given.receivedMs,
    arrivalMs: given.arrivalMs,
    ...more,
  }
}
