import type { Columns } from './formats.ts'
import { shown, type ProblemList } from './problems.ts'
import type { TraceRow } from './columns.ts'
import type { timeReader } from './times.ts'

/**
 * Reads one row from whatever holds its fields (cells of a CSV record by index, a JSON object by
 * key). Undefined when something is wrong with it, which is then in `problems`. The same object is
 * given for every row.
 */
export function rowReader<Key extends string | number>(
  columns: Columns<Key>,
  names: (key: Key) => string,
  times: ReturnType<typeof timeReader>,
  problems: ProblemList,
  maxTokens: number,
  wanted: { prompts: boolean; prefixIds: boolean },
): (fields: Readonly<Record<Key, unknown>>, line: number) => TraceRow | undefined {
  const tokens = (value: unknown, key: Key, line: number): number | undefined => {
    if (typeof value === 'string') {
      // Nearly every field. Operators, not functions: a call costs as much as all of these.
      const number = +value
      if (number <= maxTokens && number % 1 === 0 && `${number}` === value && number >= 0)
        return number
    }
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
    value === undefined || value === null
      ? ''
      : typeof value === 'string'
        ? value
        : JSON.stringify(value)

  const { time: timeKey, input: inputKey, output: outputKey, session, app, prompt } = columns
  const idKey = wanted.prefixIds ? columns.prefixIds : undefined
  // One object for all rows: the collector copies what it takes.
  const row: TraceRow = {
    timeMs: 0,
    input: 0,
    output: 0,
    session: '',
    app: '',
    prompt: '',
    prefixIds: [],
  }
  const optional = session !== undefined || app !== undefined || prompt !== undefined

  return (fields, line) => {
    const time = fields[timeKey]
    const timeMs = times.read(time)
    if (timeMs === undefined) {
      const mixed = times.mixed()
      const what = mixed ?? `${names(timeKey)} is ${shown(time ?? '')}`
      problems.add('bad_timestamp', line, `${what}; accepted: ${times.accepted()}`)
    }
    const input = tokens(fields[inputKey], inputKey, line)
    const output = tokens(fields[outputKey], outputKey, line)
    if (idKey !== undefined) {
      const ids = blockIds(fields[idKey])
      if (ids === undefined) {
        const what = `${names(idKey)} is ${shown(fields[idKey])}`
        const accepted = 'whole numbers of 0 or more or hexadecimal hashes, between spaces'
        problems.add('bad_ids', line, `${what}; accepted: ${accepted}`)
        return undefined
      }
      row.prefixIds = ids
    }
    if (timeMs === undefined || input === undefined || output === undefined) return undefined
    row.timeMs = timeMs
    row.input = input
    row.output = output
    if (optional) {
      if (session !== undefined) row.session = text(fields[session])
      if (app !== undefined) row.app = text(fields[app])
      if (prompt !== undefined && wanted.prompts) row.prompt = text(fields[prompt])
    }
    return row
  }
}

/** A count as `Number` alone does not read it: '' is not 0, nor '0x10' 16; `12.0` is 12 (pandas). */
export function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) return undefined
  if (typeof value === 'number' || String(number) === value) return number
  return /^\s*\d+(\.0*)?\s*$/.test(value as string) ? number : undefined
}

/** A hash as text: hexadecimal, or a number that JSON cannot hold exactly. */
const HASH = /^(?:0x)?[\da-f]{8,128}$|^\d{16,40}$/i

/** Whole numbers of 0 or more, or hashes; undefined for anything else. */
function blockIds(value: unknown): (number | string)[] | undefined {
  if (value === undefined || value === null || value === '') return []
  const parts = Array.isArray(value)
    ? value
    : String(value)
        .trim()
        .split(/[\s;]+/)
  const ids: (number | string)[] = []
  for (const part of parts) {
    const id = wholeNumber(part)
    if (id !== undefined) ids.push(id)
    else if (typeof part === 'string' && HASH.test(part)) ids.push(part)
    else return undefined
  }
  return ids
}
