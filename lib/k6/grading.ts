import type { ExchangeResult } from '../exchange/index.ts'
import { isGraded } from '../load/index.ts'
import type { Graders } from '../metrics/index.ts'
import { gradeAnswer, graderNames, gradeReasons } from '../quality/index.ts'
import type { Grading } from '../quality/index.ts'
import { taskOf } from '../workload/index.ts'
import type { WorkloadRequest } from '../workload/index.ts'
import type { PreparedTest, TestDefinition } from './types.ts'

/** Values that can be tags, selected by thresholds. */
const NAME = /^\w{1,40}$/

/**
 * What a run grades by; undefined where it does not grade.
 * @throws Error for a name that cannot be used, or a grader that does not exist
 */
export function gradersOf(
  { graders = {} }: TestDefinition,
  { config }: Pick<PreparedTest, 'config'>,
): Graders | undefined {
  const { share, graders: wanted } = config.grading
  if (share === 0) return undefined
  const own = Object.keys(graders)
  const odd = own.find((name) => !NAME.test(name))
  if (odd !== undefined) {
    throw new Error(`graders: "${odd}" is no name of 1 to 40 letters, digits and "_"`)
  }
  const known = [...new Set([...graderNames(), ...own])]
  const unknown = (wanted ?? []).filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new Error(`GRADER: no grader ${unknown.join(', ')}; accepted: ${known.join(', ')}`)
  }
  return { names: wanted ?? known, reasons: gradeReasons() }
}

/** Grades a share of the answers of a run. */
export interface AnswerGrader {
  /** Asked before a request is sent, as only these answers keep their text. */
  wants(n: number, turn: number | undefined): boolean
  /** Once all times of the request are taken. Undefined for an answer that did not complete. */
  grade(result: ExchangeResult, wanted: WorkloadRequest): Grading | undefined
}

/** @returns undefined where the run does not grade */
export function createAnswerGrader(
  test: Pick<PreparedTest, 'config' | 'graders' | 'ownGraders'>,
): AnswerGrader | undefined {
  const { config, graders, ownGraders } = test
  if (graders === undefined) return undefined
  const { share, graders: wanted } = config.grading
  return {
    wants: (n, turn) => isGraded(share, config.load.seed, n, turn),
    grade({ outcome, text = '', toolCalls = [], finish }, request) {
      if (outcome !== 'completed') return undefined
      return gradeAnswer({ text, finish, toolCalls }, taskOf(request), wanted, ownGraders)
    },
  }
}
