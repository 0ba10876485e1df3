import en from 'zod/v4/locales/en.js'
import * as z from 'zod/mini'
import type { CapacityResult } from './types.ts'

// Without a locale, zod's mini edition says only "Invalid input".
z.config(en())

const figure = z.nullable(z.number())
const text = z.nullable(z.string())

/** The fields of a capacity file that other commands read; docs/capacity-and-cost.md lists all of them. */
const capacityFile = z.object({
  format: z.literal('k6-inference-capacity'),
  version: z.literal(1),
  unit: z.enum(['requests/s', 'requests in flight']),
  status: z.enum(['found', 'imprecise', 'above all', 'below all', 'client limited', 'out of runs']),
  confidence: z.number(),
  capacity: figure,
  low: figure,
  high: figure,
  precision: figure,
  perReplica: z.nullable(z.number().check(z.positive())),
  outputTokensPerS: figure,
  workload: z.nullable(
    z.object({
      scenario: text,
      model: text,
      inputTokens: text,
      outputTokens: text,
      inputTokensMean: figure,
      outputTokensMean: figure,
      cachedShare: figure,
    }),
  ),
})

const SHOWN_PROBLEMS = 5

export type CapacityFile = z.infer<typeof capacityFile>

/** Whatever is written can be read back: if a result lacked a field, this would not compile. */
type Holds<T extends true> = T
export type ResultIsReadable = Holds<CapacityResult extends CapacityFile ? true : never>

/**
 * Reads what `capacity` wrote.
 * @param data parsed JSON of the file
 * @returns the capacity, or why it is not one, with the first fields that are wrong
 */
export function readCapacity(
  data: unknown,
): { ok: true; capacity: CapacityFile } | { ok: false; message: string } {
  const format = (data as { format?: unknown } | null)?.format
  if (format !== 'k6-inference-capacity')
    return { ok: false, message: 'is no result of k6-inference capacity' }
  const read = capacityFile.safeParse(data)
  if (read.success) return { ok: true, capacity: read.data }
  const wrong = read.error.issues
    .slice(0, SHOWN_PROBLEMS)
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
  return { ok: false, message: `is not whole: ${wrong.join('; ')}` }
}
