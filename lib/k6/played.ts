import exec from 'k6/execution'

/** The segment of the load that this process plays; null: all of it. Not known while loading. */
export function playedSegment(): string | null {
  return exec.test.options.executionSegment ?? null
}
