import { CERTIFIED_MS } from '../metrics/index.ts'
import { formatDuration } from './readers/duration.ts'
import type { VariableName } from './variables/index.ts'

export type Profile = Readonly<Partial<Record<VariableName, string>>>

/** What each profile sets where the user does not; before the scenario's own defaults. */
export const PROFILES: Readonly<Record<string, Profile>> = {
  certified: { DURATION: formatDuration(CERTIFIED_MS), WARMUP: '2m' },
}
