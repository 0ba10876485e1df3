import { shown } from './problems.ts'
import type { TimeUnit, TraceFormat } from './types.ts'

/** Which column of a file holds what. */
export interface Columns<Key> {
  format: TraceFormat
  timeUnit: TimeUnit | undefined
  time: Key
  input: Key
  output: Key
  session: Key | undefined
  app: Key | undefined
  prompt: Key | undefined
  prefixIds: Key | undefined
  /** Tokens in a block of prefix ids, where the column's name says it (`prefix_ids_16`). */
  blockTokens?: number | undefined
}

export interface Header {
  columns: Columns<number>
  delimiter: string
  names: readonly string[]
  ignored: readonly string[]
}

/**
 * Names a format requires, and the optional ones.
 * Azure: AzurePublicDataset, LLM inference traces 2023 and 2024 (date and time).
 * BurstGPT: HPMLL/BurstGPT (seconds; 'Log Type' tells conversation from API use; newer releases
 * add a session).
 */
const KNOWN = [
  {
    format: 'azure' as const,
    unit: undefined,
    time: 'timestamp',
    input: 'contexttokens',
    output: 'generatedtokens',
  },
  {
    format: 'burstgpt' as const,
    unit: 's' as const,
    time: 'timestamp',
    input: 'request tokens',
    output: 'response tokens',
    session: 'session id',
    app: 'log type',
  },
  ...(['', '_s', '_ms', '_us', '_ns'] as const).map((suffix) => ({
    format: 'own' as const,
    unit: (suffix === '' ? undefined : suffix.slice(1)) as TimeUnit | undefined,
    time: `timestamp${suffix}`,
    input: 'input_tokens',
    output: 'output_tokens',
    session: 'session',
    app: 'app',
    prompt: 'prompt',
    prefixIds: 'prefix_ids',
  })),
]

/** Columns of this project's records, as `jsonRowReader` gives them. */
const RECORD_COLUMNS: Columns<string> = {
  format: 'records',
  timeUnit: 'ms',
  time: 'timestamp_ms',
  input: 'input_tokens',
  output: 'output_tokens',
  session: 'session',
  app: 'app',
  prompt: undefined,
  prefixIds: undefined,
}

export const FORMATS_TEXT =
  'Azure (TIMESTAMP,ContextTokens,GeneratedTokens), ' +
  'BurstGPT (Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type), ' +
  'our own (timestamp or timestamp_ms,input_tokens,output_tokens[,session][,app][,prompt][,prefix_ids]), ' +
  'Mooncake JSON lines (timestamp,input_length,output_length[,hash_ids]), ' +
  'agent conversations (requests,block_size), ' +
  "or a run's own records (*.records.jsonl); other logs by k6-inference trace from-log"

export type HeaderResult =
  | { ok: true; header: Header }
  | { ok: false; type: 'unknown_format' | 'missing_column'; message: string }

/** What a CSV header says: names in any case and order, between commas, semicolons or tabs. */
export function readHeader(line: string): HeaderResult {
  let nearest: { missing: string[]; format: string } | undefined
  for (const delimiter of [',', ';', '\t']) {
    const names = line.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    const lower = names.map((name) => name.toLowerCase())
    const at = (name: string | undefined): number | undefined => {
      const index = name === undefined ? -1 : lower.indexOf(name)
      return index < 0 ? undefined : index
    }
    for (const one of KNOWN) {
      const required = [one.time, one.input, one.output]
      const missing = required.filter((name) => at(name) === undefined)
      if (missing.length > 0) {
        // One token column names the format; the time column alone is every format's.
        const told = at(one.input) !== undefined || at(one.output) !== undefined
        if (told && (nearest === undefined || missing.length < nearest.missing.length)) {
          nearest = { missing, format: one.format }
        }
        continue
      }
      const columns: Columns<number> = {
        format: one.format,
        timeUnit: one.unit,
        time: at(one.time) as number,
        input: at(one.input) as number,
        output: at(one.output) as number,
        session: 'session' in one ? at(one.session) : undefined,
        app: 'app' in one ? at(one.app) : undefined,
        prompt: 'prompt' in one ? at(one.prompt) : undefined,
        ...('prefixIds' in one ? prefixColumn(lower) : { prefixIds: undefined }),
      }
      const used = new Set<unknown>(Object.values(columns))
      const ignored = names.filter((_, index) => !used.has(index))
      return { ok: true, header: { columns, delimiter, names, ignored } }
    }
  }
  if (nearest !== undefined) {
    return {
      ok: false,
      type: 'missing_column',
      message: `header ${shown(line)} lacks ${nearest.missing.join(' and ')} of the ${nearest.format} format; accepted: ${FORMATS_TEXT}`,
    }
  }
  return {
    ok: false,
    type: 'unknown_format',
    message: `header ${shown(line)} is of no known trace; accepted: ${FORMATS_TEXT}`,
  }
}

/** `prefix_ids`, or with the size of a block in its name. */
function prefixColumn(names: readonly string[]): {
  prefixIds: number | undefined
  blockTokens: number | undefined
} {
  const index = names.findIndex((name) => PREFIX_IDS.test(name))
  if (index < 0) return { prefixIds: undefined, blockTokens: undefined }
  const size = PREFIX_IDS.exec(names[index] as string)?.[1]
  return { prefixIds: index, blockTokens: size === undefined ? undefined : Number(size) }
}

const PREFIX_IDS = /^prefix_ids(?:_([1-9]\d{0,5}))?$/

/** Columns of JSON objects by the first of them; undefined for those of no known trace. */
export function objectColumns(first: Record<string, unknown>): Columns<string> | undefined {
  const isRecord = typeof first['record'] === 'string' && 'v' in first
  return isRecord ? RECORD_COLUMNS : (agentColumns(first) ?? jsonColumns(Object.keys(first)))
}

/** Columns of agents' conversations, as `agentRows` gives them; undefined for other objects. */
function agentColumns(first: Record<string, unknown>): Columns<string> | undefined {
  const size = first['block_size']
  if (!Array.isArray(first['requests']) || !isBlockSize(size)) return undefined
  return {
    format: 'agents',
    timeUnit: 's',
    time: 't',
    input: 'in',
    output: 'out',
    session: 'session',
    app: 'app',
    prompt: undefined,
    prefixIds: 'hash_ids',
    blockTokens: size,
  }
}

function isBlockSize(size: unknown): size is number {
  return typeof size === 'number' && Number.isInteger(size) && size > 0
}

/** Columns of JSON lines by the keys of the first object: Mooncake's or our own names. */
function jsonColumns(keys: readonly string[]): Columns<string> | undefined {
  const has = (name: string): string | undefined => (keys.includes(name) ? name : undefined)
  if (has('timestamp') && has('input_length') && has('output_length')) {
    return {
      format: 'mooncake',
      // Qwen-Bailian's traces have Mooncake's keys, but seconds and blocks of 16 tokens.
      timeUnit: has('chat_id') === undefined ? 'ms' : 's',
      time: 'timestamp',
      input: 'input_length',
      output: 'output_length',
      session: has('chat_id') ?? 'session_id',
      app: undefined,
      prompt: undefined,
      // Not among the first row's keys does not mean in no row's.
      prefixIds: 'hash_ids',
    }
  }
  for (const unit of ['s', 'ms', 'us', 'ns', undefined] as const) {
    const time = unit === undefined ? 'timestamp' : `timestamp_${unit}`
    if (has(time) && has('input_tokens') && has('output_tokens')) {
      return {
        format: 'own',
        timeUnit: unit,
        time,
        input: 'input_tokens',
        output: 'output_tokens',
        session: 'session',
        app: 'app',
        prompt: 'prompt',
        prefixIds: 'prefix_ids',
      }
    }
  }
  return undefined
}
