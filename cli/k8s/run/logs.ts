import { stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Cluster, Follower } from './kubectl.ts'

/** How long a log may take to end after its pod has, ms. */
const END_MS = 60_000

/**
 * The logs of a run's pods, read while they grow: a node keeps only the last 10 MiB or so of each, and a
 * pod that is gone takes its log along.
 *
 * @param folder existing folder; each pod gets NAME.log
 */
export function createLogs(cluster: Pick<Cluster, 'follow' | 'log'>, folder: string) {
  const followers = new Map<string, Follower>()
  const fileOf = (pod: string) => path.join(folder, `${pod}.log`)

  return {
    follow(pod: string): void {
      followers.set(pod, cluster.follow(pod, fileOf(pod)))
    },

    /**
     * Waits until every log is whole. One that broke off is asked for again; what the node still has
     * counts if it is more.
     */
    async end(): Promise<void> {
      await Promise.all([...followers].map(([pod, follower]) => endOf(pod, follower)))
    },
  }

  async function endOf(pod: string, { done, stop }: Follower): Promise<void> {
    const timer = setTimeout(stop, END_MS)
    const whole = await done
    clearTimeout(timer)
    if (whole) return
    const again = await cluster.log(pod).catch(() => '')
    const { size } = await stat(fileOf(pod)).catch(() => ({ size: 0 }))
    if (Buffer.byteLength(again) > size) await writeFile(fileOf(pod), again)
  }
}
