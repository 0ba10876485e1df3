import type { Columns } from './formats.ts'

/**
 * Reader of JSON rows: the object of a line, ids that JSON numbers cannot hold kept as texts, and
 * the turns of Qwen-Bailian's conversations brought under one name.
 * @param withIds whether block ids are wanted
 * @returns undefined for what is no JSON object, `other` for a record of something else than a request
 */
export function jsonRowReader(columns: Columns<string>, withIds: boolean) {
  const idKey = withIds ? columns.prefixIds : undefined
  const rootOf = columns.session === CHAT_ID ? chatRoots() : undefined
  const isRecords = columns.format === 'records'
  return (text: string): Record<string, unknown> | undefined | 'other' => {
    let row = parseObject(text)
    if (row === undefined) return undefined
    if (isRecords) return requestRow(row) ?? 'other'
    if (idKey !== undefined && hasInexact(row[idKey])) row = parseObject(quoteLargeIds(text)) ?? row
    if (rootOf !== undefined) row[CHAT_ID] = rootOf(row[CHAT_ID], row['parent_chat_id'])
    return row
  }
}

/**
 * A line of this project's own records of a run as a row of a trace: what was asked for, when it was
 * due. Undefined for what is no request.
 */
function requestRow(record: Record<string, unknown>): Record<string, unknown> | undefined {
  if (record['record'] !== 'request') return undefined
  const { dueMs, startMs, inputTokens, outputTokens, askedInputTokens, askedOutputTokens } = record
  // An answer that failed tells nothing of the length that was wanted.
  const whole = record['outcome'] === 'completed' ? outputTokens : undefined
  return {
    timestamp_ms: dueMs ?? startMs,
    input_tokens: inputTokens ?? askedInputTokens,
    output_tokens: whole ?? askedOutputTokens ?? outputTokens,
    session: record['session'],
    app: record['app'],
  }
}

/** Key that gives Qwen-Bailian's traces away. */
export const CHAT_ID = 'chat_id'

export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function hasInexact(ids: unknown): boolean {
  if (!Array.isArray(ids)) return false
  for (const id of ids) if (typeof id === 'number' && id > Number.MAX_SAFE_INTEGER) return true
  return false
}

/** Ids of 16 digits or more as texts, which keep them apart. */
function quoteLargeIds(text: string): string {
  return text.replace(/"(?:hash_ids|prefix_ids)"\s*:\s*\[[\s\d,]*\]/g, (list) =>
    list.replace(/\d{16,}/g, '"$&"'),
  )
}

/** The first request of the conversation that each is a turn of (a parent of -1 is none). */
function chatRoots() {
  const roots = new Map<unknown, unknown>()
  return (chat: unknown, parent: unknown): unknown => {
    const root = roots.get(parent) ?? (typeof parent === 'number' && parent >= 0 ? parent : chat)
    roots.set(chat, root)
    return root
  }
}
