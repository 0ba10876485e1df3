import en from 'zod/v4/locales/en.js'
import * as z from 'zod/mini'
import type { Report } from './index.ts'
import { resultsSchema } from './schema.ts'

export type ResultsRead = { ok: true; report: Report } | { ok: false; message: string }

// Without a locale, zod's mini edition says only "Invalid input".
z.config(en())

const SHOWN_PROBLEMS = 5

/**
 * Reads a results file.
 * @param text the whole file
 * @returns the report, or why the text is not one: cut or broken JSON (with line and column), another
 *   program's JSON, another version, missing or wrong fields
 */
export function readResults(text: string): ResultsRead {
  if (text.trim() === '') return wrong('is empty')
  let data: unknown
  try {
    data = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    return wrong(`is not JSON, or was cut: ${jsonProblem(text, (error as Error).message)}`)
  }
  const { format, version } = (data ?? {}) as { format?: unknown; version?: unknown }
  if (format !== 'k6-inference-report') {
    return wrong(
      `is no results file: "format" is ${shown(format)}; accepted: "k6-inference-report"`,
    )
  }
  if (version !== 1) {
    return wrong(`is of version ${shown(version)}; this program reads version 1`)
  }
  const parsed = z.safeParse(resultsSchema, data)
  // The data as it was read, so that fields of a later writer are kept.
  if (parsed.success) return { ok: true, report: data as Report }
  const problems = parsed.error.issues
    .slice(0, SHOWN_PROBLEMS)
    .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
  const more = parsed.error.issues.length - problems.length
  return wrong(
    `is no sound results file: ${problems.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
  )
}

/** The JSON Schema of a results file, as docs/results.schema.json holds it. */
export function resultsJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(resultsSchema, { io: 'input' }) as Record<string, unknown>
  const { $schema, ...rest } = schema
  return {
    $schema,
    title: 'Results of a k6-inference run, version 1',
    description: 'null is "no value"; times in ms, shares 0-1. Formulas: results.md.',
    ...rest,
  }
}

/** JavaScript engines describe a position differently, or not at all; this finds its line and column. */
function jsonProblem(text: string, message: string): string {
  const position = /position (\d+)/.exec(message)
  const at = position === null ? text.length : Number(position[1])
  const before = text.slice(0, at).split('\n')
  const column = (before[before.length - 1] as string).length + 1
  return `line ${before.length}, column ${column}: ${message.replace(/ \(line.*\)$/, '')}`
}

function wrong(message: string): ResultsRead {
  return { ok: false, message }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
