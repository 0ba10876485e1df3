import { LABELS, counter } from './definers.ts'
import type { MetricDef } from './types.ts'

const WITHOUT = 'without COMPARED_SHARE'

/** How answers under load differ from those to the same prompts before it; only in runs that compare (`COMPARED_SHARE`). */
export const DIVERGENCE = [
  counter(
    'llm_compared',
    'requests',
    'Compared answers',
    'completed answers to prompts that were answered before the load, one at a time, compared with those answers',
    'comparison',
    'none',
    [],
    WITHOUT,
  ),
  counter(
    'llm_diverged',
    'requests',
    'Answers other than idle',
    'compared answers whose text or calls differ; / llm_compared = share',
    'comparison',
    'lower',
    [],
    'every compared answer was the same',
  ),
  {
    name: 'llm_answer_diverged',
    kind: 'rate',
    unit: 'share',
    title: 'Answers other than idle',
    formula:
      'share of compared answers that differ. For thresholds: over several pods divide the counters',
    noValue: 'no answer was compared',
    better: 'lower',
    source: 'comparison',
    completedOnly: true,
    tags: LABELS,
  },
  {
    name: 'llm_diverged_at',
    kind: 'trend',
    unit: 'none',
    title: 'First word that differs',
    formula: 'of an answer that differs, number of the first word that is another, from 1',
    noValue: 'every compared answer was the same',
    better: 'none',
    source: 'comparison',
    completedOnly: true,
    tags: LABELS,
  },
] as const satisfies readonly MetricDef[]

/** Whether a metric exists only in runs that compare answers. */
export function isOfDivergence(name: string): boolean {
  return (DIVERGENCE as readonly MetricDef[]).some((def) => def.name === name)
}
