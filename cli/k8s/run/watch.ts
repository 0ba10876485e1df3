import { setTimeout as pause } from 'node:timers/promises'
import { InputError } from '../../command.ts'
import type { Cluster } from './kubectl.ts'
import { stateOf, type PodState } from './pods.ts'

export interface WatchOptions {
  /** Number of pods. */
  parallelism: number
  /** How long it may take until the load begins, ms. */
  startMs: number
  /** How long the run may take after that, ms. */
  limitMs: number
  /** Time between two looks at the cluster, ms. */
  everyMs: number
  note(text: string): void
  /** Called once for each pod, as soon as it has a log. */
  onLog(pod: string): void
  /** Ends the watch; the run goes on. */
  signal: AbortSignal
}

export interface Watched {
  /**
   * `finished`: every pod has ended. `failed`: the operator stopped before there was a load. `late`: the
   * load had not begun in time. `long`: it took too long. `stopped`: by the signal.
   */
  end: 'finished' | 'failed' | 'late' | 'long' | 'stopped'
  /** Every pod that was seen, the last state of each. */
  pods: PodState[]
}

/** Stages in which the pods may be sending load, or have been. */
const BEGUN = new Set(['started', 'stopped', 'finished'])
/** Whether there may be a log of the pod. */
const hasLog = ({ begun, ended }: PodState) => begun || ended
/** The cluster's API may be away this long, e.g. while its control plane is upgraded, ms. */
const AWAY_MS = 300_000

/**
 * Watches a run until all its pods have ended. The operator says "finished" of any run whose pods are no
 * longer active, killed ones as well; so the pods themselves are looked at.
 *
 * It asks again and again instead of holding a watch open: a watch of hours breaks, and what happened
 * meanwhile must be asked for anyway.
 *
 * @throws InputError when the cluster cannot be asked for five minutes
 */
export async function watchRun(
  cluster: Pick<Cluster, 'stage' | 'pods'>,
  run: string,
  options: WatchOptions,
): Promise<Watched> {
  const { parallelism, startMs, limitMs, everyMs, note, signal } = options
  const pods = new Map<string, PodState>()
  const said = new Map<string, string>()
  const beganMs = Date.now()
  let loadMs: number | undefined
  let seenMs = beganMs

  for (;;) {
    const look = await ask()
    const nowMs = Date.now()
    if (look !== undefined) {
      seenMs = nowMs
      take(look.states)
      sayOnce('stage', look.stage === undefined ? undefined : `stage ${look.stage || 'new'}`)
      if (BEGUN.has(look.stage ?? '')) loadMs ??= nowMs
      const end = endOf(look.stage)
      if (end !== undefined) return { end, pods: [...pods.values()] }
    }
    const end = signal.aborted
      ? 'stopped'
      : loadMs === undefined
        ? nowMs - beganMs > startMs && 'late'
        : nowMs - loadMs > limitMs && 'long'
    if (end) return { end, pods: [...pods.values()] }
    await pause(everyMs, undefined, { signal }).catch(() => {})
  }

  async function ask() {
    try {
      const stage = await cluster.stage(run)
      return { stage, states: (await cluster.pods(run)).map(stateOf) }
    } catch (error) {
      if (!(error instanceof InputError) || Date.now() - seenMs > AWAY_MS) throw error
      sayOnce('cluster', error.message)
      return undefined
    }
  }

  function take(states: readonly PodState[]): void {
    for (const state of states) {
      const { name, waits } = state
      const before = pods.get(name)
      // One that began and was evicted between two looks may still have its log.
      if (hasLog(state) && !(before !== undefined && hasLog(before))) options.onLog(name)
      pods.set(name, state)
      sayOnce(name, waits === undefined ? undefined : `pod ${name} waits: ${waits}`)
    }
    const there = new Set(states.map(({ name }) => name))
    for (const [name, state] of pods) {
      if (there.has(name) || state.ended) continue
      // A drained node takes its pods along; the operator's own deletion follows their end.
      pods.set(name, {
        ...state,
        ended: true,
        lost: 'gone from the cluster before its end was seen',
      })
    }
  }

  function endOf(stage: string | undefined): Watched['end'] | undefined {
    const all = [...pods.values()]
    if (all.length >= parallelism && all.every(({ ended }) => ended)) return 'finished'
    if (stage === 'error') return 'failed'
    // Deleted by someone, or by the operator after its end; or pods that were never made.
    if (stage === undefined || stage === 'finished') {
      return loadMs === undefined && stage === undefined ? 'failed' : 'finished'
    }
    return undefined
  }

  function sayOnce(about: string, text: string | undefined): void {
    if (text === undefined || said.get(about) === text) return
    said.set(about, text)
    note(`k8s run: ${text}\n`)
  }
}
