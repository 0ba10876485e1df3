import type { Screen } from '../terminal.ts'
import { counterOf } from './api.ts'
import { createFollower } from './follow.ts'
import { createProgress, liveLine } from './live-line.ts'

const PERIOD_MS = 1000

/**
 * Shows on one line how a run goes, from its records as k6 writes them; what is in flight has no record yet, so k6's
 * REST API tells it.
 * @param file the records
 * @param address of the API; undefined where there is none
 * @returns to be called when k6 has ended
 */
export function showLive(file: string, address: string | undefined, screen: Screen): () => void {
  let progress: ReturnType<typeof createProgress> | undefined
  let startedMs = 0
  const follower = createFollower(file, {
    onRun(head) {
      startedMs = Date.parse(head.startedAt)
      progress = createProgress(head)
    },
    onRequest: (record) => progress?.add(record),
  })
  const began = Date.now()
  let over = false
  let busy = false

  async function look(): Promise<void> {
    if (busy) return
    busy = true
    const [started, ended] = await Promise.all(COUNTERS.map((name) => counter(name)))
    // What cannot be read is the report's to tell.
    await follower.read().catch(() => {})
    busy = false
    if (over) return
    if (progress === undefined) {
      const seconds = Math.round((Date.now() - began) / 1000)
      return screen.live(`  getting ready, ${seconds}s`)
    }
    const inFlight =
      started === undefined || ended === undefined ? undefined : Math.max(0, started - ended)
    screen.live(liveLine(progress.at(Date.now() - startedMs), inFlight, screen.columns))
  }

  const counter = async (name: string) =>
    address === undefined ? undefined : counterOf(address, name)
  const timer = setInterval(() => void look(), PERIOD_MS)
  return () => {
    over = true
    clearInterval(timer)
    screen.live('')
  }
}

const COUNTERS = ['llm_requests_started', 'llm_requests'] as const
