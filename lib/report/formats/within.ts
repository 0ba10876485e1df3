import type { Interval, ScopeReport } from '../../results/index.ts'

/** The interval of a figure; null where its scope tells none, undefined where it has no intervals at all. */
export function within(
  { intervals }: Pick<ScopeReport, 'intervals'>,
  key: string,
): Interval | null | undefined {
  return intervals === undefined ? undefined : (intervals[key] ?? null)
}
