import type { Costs } from './costs.ts'

/**
 * Memory of one k6 process: its base, its VUs, and the samples that it keeps until the end of the run.
 * `plan` and `k8s` both size pods by it.
 *
 * @param load VUs that the process may go up to, and requests that it sends over the whole run
 * @param costs as measured; see docs/sizing.md
 * @returns MiB
 */
export function processMiB(load: { vus: number; requests: number }, costs: Costs): number {
  return costs.mibBase + loadMiB(load, costs)
}

/** The part of {@link processMiB} that several processes share out among them, MiB. */
export function loadMiB(load: { vus: number; requests: number }, costs: Costs): number {
  return load.vus * costs.mibPerVu + (load.requests * costs.bytesPerRequest) / 2 ** 20
}
