import { SharedArray } from 'k6/data'
import type { Config } from '../config/index.ts'
import {
  type Calibration,
  type DatasetRow,
  parseCalibration,
  parseDataset,
  type TraceChanges,
  traceContent,
  traceElements,
  traceReader,
  type TraceReader,
} from '../workload/index.ts'
import { digestOf } from './digest.ts'
import { readFile } from './read-file.ts'
import type { Inputs } from './types.ts'

/** First element of a shared list that could not be made; the problem follows it. */
const PROBLEM = '!problem'

/**
 * Reads the files that the variables name. A SharedArray is made once per process and its elements are
 * held once, so a large file costs the VUs nothing.
 * @throws Error with one sentence for people when a file cannot be used
 */
export function readInputs(config: Config): Inputs {
  const { DATASET, TRACE, CALIBRATION } = config.values
  const replayed = TRACE === undefined ? undefined : trace(TRACE, config)
  const prompts = DATASET === undefined ? undefined : dataset(DATASET)
  return {
    dataset: prompts?.elements,
    get trace() {
      if (replayed === undefined) throw new Error('TRACE is not set')
      return replayed.reader
    },
    calibration: calibrationOf(CALIBRATION),
    digests: { dataset: prompts?.digest, trace: replayed?.digests },
  }
}

function dataset(path: string) {
  const make = () => {
    const { rows, problems } = parseDataset(readFile('DATASET', path), path)
    if (problems.length > 0) throw new Error(problems.join('\n'))
    return rows
  }
  return digested<DatasetRow, string>(`dataset ${path}`, make, (rows) =>
    digestOf(rows.map((row) => JSON.stringify(row))),
  )
}

function trace(
  path: string,
  config: Config,
): { reader: TraceReader; digests: Inputs['digests']['trace'] } {
  const { values: v } = config
  const limits = {
    ...(v.MAX_INPUT_TOKENS === undefined ? {} : { maxInput: v.MAX_INPUT_TOKENS }),
    ...(v.MAX_OUTPUT_TOKENS === undefined ? {} : { maxOutput: v.MAX_OUTPUT_TOKENS }),
    ...(v.MAX_MODEL_LEN === undefined ? {} : { maxTotal: v.MAX_MODEL_LEN }),
  }
  // Only what changes something: a packed trace without changes is used as it is.
  const changes: TraceChanges = {
    ...(v.TRACE_FROM === 0 ? {} : { from: v.TRACE_FROM }),
    ...(v.TRACE_FOR === undefined ? {} : { forMs: v.TRACE_FOR }),
    ...(v.TRACE_SAMPLE === 1 ? {} : { sample: v.TRACE_SAMPLE }),
    ...(v.TRACE_RATE === 1 ? {} : { rateFactor: v.TRACE_RATE }),
    ...(v.TRACE_SPREAD === 'auto' ? {} : { spread: v.TRACE_SPREAD }),
    ...(v.SPEED === 1 ? {} : { speed: v.SPEED }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  }
  if (Object.keys(changes).length > 0) changes.seed = config.load.seed
  const reading = {
    ...(v.TRACE_UNIT === 'auto' ? {} : { timeUnit: v.TRACE_UNIT }),
    ...(v.BLOCK_TOKENS === undefined ? {} : { blockTokens: v.BLOCK_TOKENS }),
  }
  const make = () => {
    const made = traceElements(readFile('TRACE', path), changes, reading)
    if (!made.ok) throw new Error(`TRACE ${path}: ${made.message}`)
    return made.elements
  }
  const { elements, digest } = digested(`trace ${path}`, make, (all) => {
    const { schedule, lengths, prompts } = traceContent(all)
    return {
      schedule: digestOf(schedule),
      lengths: digestOf(lengths),
      prompts: digestOf(prompts),
    }
  })
  return { reader: traceReader(elements), digests: digest }
}

function calibrationOf(text: string): Calibration | undefined {
  if (text === 'auto' || text === 'off') return undefined
  const json = text.startsWith('{') ? text : readFile('CALIBRATION', text)
  const parsed = parseCalibration(json)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.calibration
}

/** @throws the Error of `make`, which k6 would otherwise show with its own stack */
function shared<T>(name: string, make: () => T[]): ArrayLike<T> {
  const elements = new SharedArray<T | string>(name, () => {
    try {
      return make()
    } catch (error) {
      return [PROBLEM, (error as Error).message]
    }
  })
  if (elements[0] === PROBLEM) throw new Error(elements[1] as string)
  return elements as unknown as ArrayLike<T>
}

/** A shared list with a digest of its elements, made while they are at hand: each access parses one. */
function digested<T, Digest>(
  name: string,
  make: () => T[],
  digestOfAll: (elements: readonly T[]) => Digest,
): { elements: ArrayLike<T>; digest: Digest } {
  let made: Digest | undefined
  const elements = shared(name, () => {
    const all = make()
    made = digestOfAll(all)
    return all
  })
  const [digest] = Array.from(shared(`digest of ${name}`, () => [made as Digest]))
  return { elements, digest: digest as Digest }
}

/** A list that is made once for all VUs. */
export function sharedStrings(name: string, make: () => string[]): ArrayLike<string> {
  return shared(name, make)
}
