import type { WorkloadDigest } from '../../results/index.ts'
import type { Run } from '../../runs/index.ts'

/** Requests without a prompt id are the same when due within this many ms and equally long. */
const SAME_MS = 5
/** Requests with the same prompt id are the same when no further apart: a late start does not matter. */
const NEAR_MS = 250
/** Share of the requests that must be the same. */
const SAME_SHARE = 0.95

/**
 * In what two runs asked for different things: schedule, lengths, prompts; [] for the same requests.
 * Undefined where a run does not tell, as those of earlier versions: then nothing is known to be the same.
 */
export function askedApart(a: Run, b: Run): (keyof WorkloadDigest)[] | undefined {
  const [left, right] = [a.conditions.workload, b.conditions.workload]
  if (left === undefined || right === undefined) return undefined
  return (['schedule', 'lengths', 'prompts'] as const).filter((part) => left[part] !== right[part])
}

/**
 * Whether both runs were asked for the same requests, and nearly all of them came: in the windows at the
 * same times with the same prompts.
 */
export function sameTraffic(a: Run, b: Run): boolean {
  if (askedApart(a, b)?.length !== 0) return false
  if (a.conditions.loop === 'closed' || b.conditions.loop === 'closed') return false
  if (Math.abs(a.window.lengthMs - b.window.lengthMs) > NEAR_MS) return false
  const [left, right] = [comingOf(a), comingOf(b)]
  const most = Math.max(left.length, right.length)
  const named = [...left, ...right].every((r) => r.promptId !== undefined)
  return most > 0 && (named ? sameNames : sameTimes)(left, right) >= SAME_SHARE * most
}

interface Coming {
  at: number
  input: number | undefined
  promptId: string | undefined
}

function comingOf(run: Run): Coming[] {
  const startMs = run.window.spans[0]?.startMs ?? 0
  return (run.requests ?? [])
    .filter((r) => r.measured)
    .map((r) => ({ at: r.atMs - startMs, input: r.inputTokens, promptId: r.promptId }))
    .sort((x, y) => x.at - y.at)
}

/** Equal ids mean equal prompts, though a salt may make one a token longer in one run. */
function sameNames(left: readonly Coming[], right: readonly Coming[]): number {
  const times = new Map<string, number[]>()
  for (const { promptId, at } of right) {
    const known = times.get(promptId as string)
    if (known === undefined) times.set(promptId as string, [at])
    else known.push(at)
  }
  // A prompt that occurs several times is matched in order of time.
  const next = new Map<string, number>()
  return left.filter(({ promptId, at }) => {
    const known = times.get(promptId as string) ?? []
    let i = next.get(promptId as string) ?? 0
    while (i < known.length && (known[i] as number) < at - NEAR_MS) i++
    const same = i < known.length && (known[i] as number) <= at + NEAR_MS
    next.set(promptId as string, same ? i + 1 : i)
    return same
  }).length
}

function sameTimes(left: readonly Coming[], right: readonly Coming[]): number {
  let same = 0
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const [x, y] = [left[i] as Coming, right[j] as Coming]
    if (Math.abs(x.at - y.at) <= SAME_MS) {
      if (x.input === undefined || y.input === undefined || x.input === y.input) same++
      i++
      j++
    } else if (x.at < y.at) i++
    else j++
  }
  return same
}
