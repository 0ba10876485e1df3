import { formatDuration } from '../config/index.ts'
import { idleRequests } from './idle.ts'
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
  const asked = [...preflightText(test), ...idleText(test)]
  return asked.length === 0 ? undefined : `before the load, setup() ${asked.join(', then ')}`
}

function preflightText(test: Calibrated): string[] {
  if (!test.config.preflight) return []
  const budgetMs = calibrationMs(test)
  if (budgetMs === 0) return ['asks the server for an answer']
  const learns = `learns, for at most ${formatDuration(Math.round(budgetMs))}, what its tokens are, so that prompts have the length asked for (CALIBRATION=off goes without)`
  return ['asks the server for an answer', learns]
}

function idleText({ config }: Calibrated): string[] {
  const { IDLE_PROMPTS: prompts, IDLE_ANSWERS: times } = config.values
  const asked = idleRequests(config)
  if (asked === 0) return []
  return [
    `asks for ${asked} whole answers, one at a time (${prompts} prompts, ${times} times each), with which answers under load are compared`,
  ]
}
