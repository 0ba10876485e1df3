import type { Measurement, SearchOptions } from '../../lib/capacity/index.ts'

export const OPTIONS: SearchOptions = {
  unit: 'requests/s',
  start: 4,
  min: 0.5,
  max: 128,
  target: 0.95,
  confidence: 0.95,
  precision: 0.05,
  warmupMs: 15_000,
  durationMs: 60_000,
  maxRuns: 60,
  maxMinutes: 600,
}

const WORKLOAD = {
  scenario: 'chat-steady',
  model: 'm',
  inputTokens: null,
  outputTokens: null,
  inputTokensMean: 200,
  outputTokensMean: 100,
  cachedShare: null,
}

/** A minute at a load of which so many requests are good, by chance or exactly. */
export function minute(load: number, share: number, random?: () => number): Measurement {
  const stretches = Array.from({ length: 6 }, () => {
    const judged = Math.round(load * 10)
    const drawn = () => Array.from({ length: judged }, () => random!()).filter((u) => u < share)
    const good = random === undefined ? judged * share : drawn().length
    return { good, judged }
  })
  const total = (of: 'good' | 'judged') => stretches.reduce((sum, s) => sum + s[of], 0)
  return {
    load,
    judged: total('judged'),
    good: total('good'),
    warmupMs: 15_000,
    windowMs: 60_000,
    completed: total('judged'),
    completedPerS: total('judged') / 60,
    served: total('judged'),
    outputTokensPerS: load * 100,
    ttftP50Ms: 1,
    ttftP95Ms: 1,
    tpotP50Ms: 1,
    tpotP95Ms: 1,
    e2eMeanMs: 1000,
    stretches,
    clientLimit: undefined,
    workload: WORKLOAD,
  }
}

/** A run as planned. */
export function lasting(
  load: number,
  share: number,
  { warmupMs, measuredMs }: { warmupMs: number; measuredMs: number },
  random?: () => number,
): Measurement {
  const run = minute((load * measuredMs) / 60_000, share, random)
  return { ...run, load, warmupMs, windowMs: measuredMs }
}

/** Good share that falls from 1 with the load, 0.95 at `limit`. */
export const falling = (limit: number) => (load: number) =>
  1 / (1 + Math.exp(8 * Math.log(load / limit) - Math.log(0.95 / 0.05)))
