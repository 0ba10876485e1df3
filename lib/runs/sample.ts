import { outcomeKind } from '../metrics/index.ts'
import type { RequestRecord, RunRecord } from '../records/index.ts'
import { timingsOfRecord } from './samples.ts'
import { dueOf } from './seen.ts'
import type { RequestSample } from './types.ts'

/** Extracts from records what is kept of each request. */
export function createSampler({
  plan,
}: RunRecord['run']): (record: RequestRecord) => RequestSample {
  const phases = plan.phases.filter(({ measured }) => measured).map(({ name }) => name)

  return (record) => ({
    id: record.id,
    atMs: dueOf(record),
    startMs: record.startMs,
    endMs: record.endMs,
    phase: record.phase,
    measured: record.measured,
    app: record.app,
    model: record.model,
    endpoint: record.endpoint,
    step: record.step,
    turn: record.turn,
    promptId: record.promptId,
    outcome: outcomeKind(record.outcome),
    good: record.good,
    passed: record.grades?.every(({ passed }) => passed),
    grades: record.grades,
    diverged: record.diverged,
    inputTokens: record.inputTokens,
    cachedTokens: record.cachedTokens,
    outputTokens: record.outputTokens,
    measuredTokens: phases.reduce((sum, phase) => sum + (record.received[phase] ?? 0), 0),
    asked: askedOf(record),
    firstTokenMs: record.firstTokenMs,
    lastTokenMs: record.lastTokenMs,
    timings: timingsOfRecord(record),
  })
}

/** Undefined for further turns of a conversation: they are due when the server is done with the one before. */
function askedOf(record: RequestRecord): RequestSample['asked'] {
  const { dueMs, askedInputTokens, askedOutputTokens, turn = 1 } = record
  if (dueMs === undefined || askedOutputTokens === undefined || turn > 1) return undefined
  return { inputTokens: askedInputTokens, outputTokens: askedOutputTokens }
}
