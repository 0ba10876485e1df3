/**
 * What a phase of a load is for, and whether its requests enter the figures. Everything that treats
 * phases differently goes by this; their names are for people.
 */
export const PHASE_ROLES = {
  /** Load before the measurement. */
  warmup: { measured: false },
  /** Start of a sweep's step, in which the step before it ends. */
  settle: { measured: false },
  /** Nothing is sent. */
  idle: { measured: false },
  /** What the shape is about. */
  main: { measured: true },
  /** Load before a peak, to compare with. */
  baseline: { measured: true },
  /** A sudden load; its figures move by nature. */
  peak: { measured: true },
  /** The baseline's load after a peak; its figures move until the peak is no longer felt. */
  recovery: { measured: true },
  /** One level of a sweep. */
  step: { measured: true },
} as const

export type PhaseRole = keyof typeof PHASE_ROLES

/** Whether a value, as of a file, is a role. */
export function isPhaseRole(value: unknown): value is PhaseRole {
  return typeof value === 'string' && Object.hasOwn(PHASE_ROLES, value)
}
