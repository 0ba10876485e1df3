import { formatDuration } from '../config/index.ts'
import type { PreparedTest } from './types.ts'

/** Long enough for a server of 75 prompt tokens/s to be asked some 30 questions. */
const MOST_MS = 20_000
const SHARE_OF_RUN = 0.1
const LEAST_MS = 2_000

type Calibrated = Pick<PreparedTest, 'config' | 'plan' | 'workload' | 'inputs'>

/** How long the calibration may take, ms: at most 20 s or a tenth of the load; 0 without one. */
export function calibrationMs({ config, plan, workload, inputs }: Calibrated): number {
  const saved = inputs.calibration !== undefined
  const wanted = config.values.CALIBRATION === 'auto' && config.preflight
  if (saved || !wanted || workload.frames.length === 0) return 0
  return Math.min(MOST_MS, Math.max(LEAST_MS, plan.endMs * SHARE_OF_RUN))
}

/** What happens before the load, for whoever waits for it; undefined where nothing does. */
export function setupText(test: Calibrated): string | undefined {
  if (!test.config.preflight) return undefined
  const budgetMs = calibrationMs(test)
  const learns =
    budgetMs === 0
      ? ''
      : `, then, for at most ${formatDuration(Math.round(budgetMs))}, what its tokens are, so that prompts have the length asked for (CALIBRATION=off goes without)`
  return `setup() asks the server for an answer before the load${learns}`
}
