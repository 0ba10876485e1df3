import type { Columns } from './formats.ts'
import { shown, type ProblemList } from './problems.ts'
import type { TraceRow } from './columns.ts'
import type { timeReader } from './times.ts'

/**
 * Reads one row from whatever holds its fields (cells of a CSV record by index, a JSON object by
 * key). Undefined when something is wrong with it, which is then in `problems`.
 */
export function rowReader<Key>(
  columns: Columns<Key>,
  names: (key: Key) => string,
  times: ReturnType<typeof timeReader>,
  problems: ProblemList,
  maxTokens: number,
  wanted: { prompts: boolean; prefixIds: boolean },
): (get: (key: Key) => unknown, line: number) => TraceRow | undefined {
  const tokens = (value: unknown, key: Key, line: number): number | undefined => {
    const count = wholeNumber(value)
    if (count !== undefined && count <= maxTokens) return count
    if (value === undefined || value === null || value === '') {
      problems.add('missing_field', line, `${names(key)} is missing; needed: a number of tokens`)
    } else {
      const accepted = `a whole number from 0 to ${maxTokens}`
      problems.add('bad_tokens', line, `${names(key)} is ${shown(value)}; accepted: ${accepted}`)
    }
    return undefined
  }
  const text = (value: unknown): string =>
    value === undefined || value === null ? '' : typeof value === 'string' ? value : String(value)

  return (get, line) => {
    const time = get(columns.time)
    const timeMs = times.read(time)
    if (timeMs === undefined) {
      const what = `${names(columns.time)} is ${shown(time ?? '')}`
      problems.add('bad_timestamp', line, `${what}; accepted: ${times.accepted()}`)
    }
    const input = tokens(get(columns.input), columns.input, line)
    const output = tokens(get(columns.output), columns.output, line)
    const ids =
      columns.prefixIds === undefined || !wanted.prefixIds ? [] : blockIds(get(columns.prefixIds))
    if (ids === undefined) {
      const what = `${names(columns.prefixIds as Key)} is ${shown(get(columns.prefixIds as Key))}`
      problems.add('bad_ids', line, `${what}; accepted: whole numbers of 0 or more, between spaces`)
    }
    if (timeMs === undefined || input === undefined || output === undefined || !ids)
      return undefined
    return {
      timeMs,
      input,
      output,
      session: columns.session === undefined ? '' : text(get(columns.session)),
      app: columns.app === undefined ? '' : text(get(columns.app)),
      prompt: columns.prompt === undefined || !wanted.prompts ? '' : text(get(columns.prompt)),
      prefixIds: ids,
    }
  }
}

/** A count as `Number` alone does not read it: '' is not 0, nor '0x10' 16; `12.0` is 12 (pandas). */
function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) return undefined
  if (typeof value === 'number' || String(number) === value) return number
  return /^\s*\d+(\.0*)?\s*$/.test(value as string) ? number : undefined
}

function blockIds(value: unknown): number[] | undefined {
  if (value === undefined || value === null || value === '') return []
  const parts = Array.isArray(value)
    ? value
    : String(value)
        .trim()
        .split(/[\s;]+/)
  const ids: number[] = []
  for (const part of parts) {
    const id = wholeNumber(part)
    if (id === undefined) return undefined
    ids.push(id)
  }
  return ids
}
