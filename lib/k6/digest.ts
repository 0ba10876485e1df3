import { createHash } from 'k6/crypto'
import type { VariableName } from '../config/index.ts'
import { variablesOf } from '../config/index.ts'
import type { WorkloadDigest } from '../results/index.ts'
import { sampleRequests } from '../workload/index.ts'
import { contextOf } from './context.ts'
import type { PreparedTest, RunData } from './types.ts'

/** Hexadecimal digits of a digest: 64 bits tell any two runs apart. */
const DIGITS = 16

/** SHA-256 of texts, by k6's own Go code: 100 MB take half a second, where a loop here would take 20. */
export function digestOf(texts: Iterable<string>): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${text}\n`)
  return hash.digest('hex').slice(0, DIGITS)
}

/** Due times that show how this version draws a schedule. */
const DUE = 16

/** What setup knows before the load begins. */
interface Known {
  facts: RunData['facts']
  calibration: RunData['calibration'] | undefined
}

/** Where content comes from, rather than what it is: the content has a digest of its own. */
const PLACES: readonly VariableName[] = ['DATASET', 'CALIBRATION']
/** Variables that only say how long prompts and answers are. */
const LENGTHS: readonly VariableName[] = ['INPUT_TOKENS', 'OUTPUT_TOKENS', 'TURNS', 'TURN_TOKENS']

/**
 * What a run asks of the server, as digests that are equal where the same is asked: once per process,
 * of the seed, the variables, the whole data set or trace, the calibration, and some requests as they
 * are built of these. Left out are the words that make prompts unique to a run.
 */
export function workloadDigest(test: PreparedTest, known: Known): WorkloadDigest {
  const { config, plan, inputs, dueMs, schedule } = test
  const { seed, arrivals } = config.load
  const { trace, dataset } = inputs.digests
  const content = Object.fromEntries(
    variablesOf('requests')
      .filter((name) => !PLACES.includes(name))
      .map((name) => [name, (config.values as Record<string, unknown>)[name]]),
  )
  const sample = sampleRequests(test.workload, contextOf(test, known))
  const json = (...parts: unknown[]) => digestOf([JSON.stringify(parts)])
  return {
    schedule: json(
      plan.loop,
      plan.unit,
      plan.phases.map(({ startMs, endMs, role, from, to }) => [startMs, endMs, role, from, to]),
      plan.loop === 'closed' ? null : [seed, arrivals, trace?.schedule],
      dueMs && Array.from({ length: Math.min(DUE, schedule?.requests ?? 0) }, (_, n) => dueMs(n)),
    ),
    lengths: json(
      seed,
      LENGTHS.map((name) => content[name]),
      trace?.lengths,
      sample.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens]),
    ),
    prompts: json(
      seed,
      content,
      dataset,
      trace?.prompts,
      wordsOf(known),
      sample.map(({ request }) => request),
    ),
  }
}

/** What of a calibration decides how prompts are built; its checks and warnings do not. */
function wordsOf({ calibration }: Known): unknown {
  if (calibration === undefined) return null
  const { wordsKey, badWords, costs, overheads, turnOverhead } = calibration
  return [wordsKey, badWords, costs, overheads, turnOverhead]
}
