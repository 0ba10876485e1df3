import type { Grade, GradeReason } from './types.ts'

/** Right. */
export const PASSED: Grade = { score: 1, passed: true, reason: 'ok' }

/** Wrong, and why. */
export function failed(reason: GradeReason, where?: string): Grade {
  const grade = { score: 0, passed: false, reason }
  return where === undefined ? grade : { ...grade, where: where.slice(0, LONGEST_PLACE) }
}

/** A place in a user's schema may be long; records hold one per answer. */
const LONGEST_PLACE = 80
