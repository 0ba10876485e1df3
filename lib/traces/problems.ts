import type { ProblemType, TraceProblem } from './types.ts'

/** Collects problems: all are counted, the first few kept. */
export function problemList(most: number) {
  const first: TraceProblem[] = []
  const counts: Partial<Record<ProblemType, number>> = {}
  return {
    first,
    counts,
    add(type: ProblemType, line: number, message: string) {
      counts[type] = (counts[type] ?? 0) + 1
      if (first.length < most) first.push({ type, line, message })
    },
  }
}

export type ProblemList = ReturnType<typeof problemList>

/** All problems as one text, a line each, and how many more there are. */
export function describeProblems(
  problems: readonly TraceProblem[],
  counts: Partial<Record<ProblemType, number>>,
): string {
  const lines = problems.map((one) => (one.line > 0 ? `line ${one.line}: ` : '') + one.message)
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
  if (all > problems.length) lines.push(`and ${all - problems.length} more`)
  return lines.join('\n')
}

/** A value from outside as it may stand in a message: quoted, escaped, at most 60 characters. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
