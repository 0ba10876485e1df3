import { replay } from './replay.ts'
import type { Replayed, Scheduled, ServiceModel } from './replay.ts'

/** A run's schedule and what was measured for each of its requests. */
export interface Served {
  schedule: readonly Scheduled[]
  /** Undefined for requests without a TPOT, and for those outside the measured window. */
  tpotMs: readonly (number | undefined)[]
  /** Most requests that received tokens at the same time. */
  mostInFlight: number
}

type Fitted = Omit<ServiceModel, 'mostInFlight'>

/** Replays after which the model hardly changes any more. */
const ROUNDS = 10
/** Each replay depends on the model it was made with: full steps would oscillate. */
const DAMPING = 0.5
/** Fewer requests per side say nothing about a server. */
const LEAST = 20

/**
 * The one model of the server that fits both sides best: a least-squares fit of the measured TPOT to
 * what the replay says was in flight and was read meanwhile, weighted by tokens; then replayed with the
 * result, and so on. Each side has its own level, so that a difference between the sides is not taken
 * for an effect of load (analysis of covariance); the model gets the mean of both.
 * @returns undefined when there are too few requests to fit
 */
export function fitService(sides: readonly Served[]): ServiceModel | undefined {
  if (sides.some(({ tpotMs }) => tpotMs.filter((v) => v !== undefined).length < LEAST))
    return undefined
  const mostInFlight = Math.max(1, ...sides.map((side) => side.mostInFlight))
  let model: ServiceModel = {
    baseMs: levelOf(sides),
    perRequestMs: 0,
    perInputTokenMs: 0,
    mostInFlight,
  }
  if (!(model.baseMs > 0)) return undefined
  let best = { model, misfit: Infinity }
  for (let round = 0; round < ROUNDS; round++) {
    const replays = sides.map(({ schedule }) => replay(schedule, model))
    const { found, misfit } = regression(sides, replays, model.baseMs)
    if (misfit < best.misfit) best = { model, misfit }
    const was = model
    const step = round === 0 ? 1 : DAMPING
    const moved = (name: keyof Fitted) => was[name] + step * (found[name] - was[name])
    model = {
      baseMs: moved('baseMs'),
      perRequestMs: moved('perRequestMs'),
      perInputTokenMs: moved('perInputTokenMs'),
      mostInFlight,
    }
  }
  return best.model
}

function levelOf(sides: readonly Served[]): number {
  const means = sides.map((side) => {
    const { n, y } = momentsOf(side, undefined)
    return y / n
  })
  return means.reduce((sum, m) => sum + m, 0) / means.length
}

/** Weighted sums over a side's requests: y = TPOT, x = in flight, p = prompt tokens, e = y - replayed. */
function momentsOf({ schedule, tpotMs }: Served, replayed: Replayed | undefined) {
  const sums = { n: 0, y: 0, x: 0, p: 0, e: 0, ee: 0, xx: 0, xp: 0, pp: 0, xy: 0, py: 0 }
  tpotMs.forEach((y, i) => {
    if (y === undefined) return
    const w = Math.max(1, (schedule[i] as Scheduled).outputTokens - 1)
    const x = replayed?.inFlight[i] ?? 0
    const p = replayed?.inputTokens[i] ?? 0
    const e = y - (replayed?.tpotMs[i] ?? 0)
    sums.n += w
    sums.y += w * y
    sums.x += w * x
    sums.p += w * p
    sums.e += w * e
    sums.ee += w * e * e
    sums.xx += w * x * x
    sums.xp += w * x * p
    sums.pp += w * p * p
    sums.xy += w * x * y
    sums.py += w * p * y
  })
  return sums
}

/** Slopes within the sides, never below 0: more work makes no server faster. */
function regression(
  sides: readonly Served[],
  replays: readonly Replayed[],
  leastMs: number,
): { found: Fitted; misfit: number } {
  const each = sides.map((side, k) => momentsOf(side, replays[k]))
  const within = (of: (m: ReturnType<typeof momentsOf>) => number) =>
    each.reduce((sum, m) => sum + of(m), 0)
  const xx = within((m) => m.xx - (m.x * m.x) / m.n)
  const pp = within((m) => m.pp - (m.p * m.p) / m.n)
  const xp = within((m) => m.xp - (m.x * m.p) / m.n)
  const xy = within((m) => m.xy - (m.x * m.y) / m.n)
  const py = within((m) => m.py - (m.p * m.y) / m.n)
  const determinant = xx * pp - xp * xp
  const alone = (xSum: number, sum: number) => (xSum > 0 ? Math.max(0, sum / xSum) : 0)
  let perRequestMs = (pp * xy - xp * py) / determinant
  let perInputTokenMs = (xx * py - xp * xy) / determinant
  if (!(determinant > 1e-9 * xx * pp) || perRequestMs < 0 || perInputTokenMs < 0) {
    const [byLoad, byInput] = [alone(xx, xy), alone(pp, py)]
    const loadTellsMore = byLoad * xy >= byInput * py
    perRequestMs = loadTellsMore ? byLoad : 0
    perInputTokenMs = loadTellsMore ? 0 : byInput
  }
  const levels = each.map((m) => (m.y - perRequestMs * m.x - perInputTokenMs * m.p) / m.n)
  const baseMs = levels.reduce((sum, level) => sum + level, 0) / levels.length
  return {
    // With steps of length 0 a replay would never end.
    found: { baseMs: Math.max(baseMs, leastMs / 100), perRequestMs, perInputTokenMs },
    misfit: within((m) => m.ee - (m.e * m.e) / m.n),
  }
}
