import { vusFor } from '../../lib/load/index.ts'
import type { Costs } from './costs.ts'
import { loadMiB } from './memory.ts'

export interface LoadAim {
  /** Requests/s at the peak. */
  rate: number
  /** Output tokens per request. */
  tokens: number
  ttftMs: number
  tpotMs: number
  /** Length of the load, s: k6 keeps every sample until the end. */
  durationS: number
}

export interface PodSize {
  cores: number
  memoryMiB: number
  /** Share of a pod's cores that the load may use: beyond it, timers and reads come late. */
  share: number
}

export interface LoadPlanned {
  /** Streams open at once, by Little's law. */
  inFlight: number
  tokensPerS: number
  /** VUs that k6 may go up to; it prepares fewer, but a slow server makes it use all. */
  vus: number
  /** Cores in all. */
  cores: number
  /** Memory in all, without the base of each pod, MiB. */
  memoryMiB: number
  /** Smallest number of pods that can carry the load. */
  pods: number
  /** The resource that decides this number. */
  limit: 'cpu' | 'memory'
  perPod: { vus: number; tokensPerS: number; cores: number; memoryMiB: number }
  warnings: string[]
}

/**
 * Computes how many pods of a given size a load needs.
 *
 * cores = rate x (request + tokens x token); VUs by Little's law, as the scenarios size them;
 * memory = pods x base + VUs x VU + requests x kept samples.
 *
 * @param costs as measured; see docs/sizing.md
 * @returns the plan, or why no number of such pods is enough
 */
export function planPods(
  aim: LoadAim,
  size: PodSize,
  costs: Costs,
): LoadPlanned | { problem: string } {
  const e2eMs = aim.ttftMs + Math.max(0, aim.tokens - 1) * aim.tpotMs
  const { expected: inFlight, maxVUs: vus } = vusFor(aim.rate, e2eMs, undefined)
  const tokensPerS = aim.rate * aim.tokens
  const cores = (aim.rate * (costs.cpuUsPerRequest + aim.tokens * costs.cpuUsPerToken)) / 1e6
  const memoryMiB = loadMiB({ vus, requests: aim.rate * aim.durationS }, costs)
  const room = size.memoryMiB - costs.mibBase
  if (room <= 0) {
    return {
      problem: `a pod of ${size.memoryMiB} MiB is too small: k6 alone needs ${Math.ceil(costs.mibBase)} MiB`,
    }
  }
  const byCpu = Math.max(1, Math.ceil(cores / (size.cores * size.share)))
  const byMemory = Math.max(1, Math.ceil(memoryMiB / room))
  const pods = Math.max(byCpu, byMemory)
  const warnings: string[] = []
  if (pods > vus) {
    warnings.push(
      `${pods} pods are more than ${vus} VUs, which the operator refuses: take larger pods`,
    )
  }
  return {
    inFlight,
    tokensPerS,
    vus,
    cores,
    memoryMiB,
    pods,
    limit: byMemory > byCpu ? 'memory' : 'cpu',
    perPod: {
      vus: Math.ceil(vus / pods),
      tokensPerS: tokensPerS / pods,
      cores: cores / pods,
      memoryMiB: costs.mibBase + memoryMiB / pods,
    },
    warnings,
  }
}
