import type { MetricDef, MetricTag, TimingField } from './types.ts'

/** Labels of a request: on each of its samples. */
export const LABELS: readonly MetricTag[] = [
  'phase',
  'measured',
  'app',
  'model',
  'endpoint',
  'step',
  'turn',
]

/** A latency of completed requests, in ms; whoever adds one says whether people see it on screen. */
export function latency<N extends string, T extends TimingField>(
  name: N,
  timing: T,
  title: string,
  formula: string,
  noValue: string,
  screen: NonNullable<MetricDef['screen']>,
  extra: readonly MetricTag[] = [],
) {
  return {
    name,
    kind: 'trend',
    unit: 'ms',
    title,
    formula,
    noValue,
    better: 'lower',
    timing,
    completedOnly: true,
    screen,
    tags: [...LABELS, 'slice', ...extra],
  } as const satisfies MetricDef
}

/** A count that adds up over pods and time windows. */
export function counter<N extends string, U extends MetricDef['unit']>(
  name: N,
  unit: U,
  title: string,
  formula: string,
  source: string,
  better: MetricDef['better'],
  extra: readonly MetricTag[] = [],
  noValue = '',
) {
  return {
    name,
    kind: 'counter',
    unit,
    title,
    formula,
    noValue,
    better,
    source,
    completedOnly: false,
    tags: [...LABELS, ...extra],
  } as const satisfies MetricDef
}

/** What the monitor scenario states once per second. */
export function gauge<N extends string, U extends MetricDef['unit']>(
  name: N,
  unit: U,
  title: string,
  formula: string,
  tags: readonly MetricTag[] = [],
  noValue = 'without the monitor scenario',
) {
  return {
    name,
    kind: 'gauge',
    unit,
    title,
    formula,
    noValue,
    better: 'none',
    source: 'monitor scenario (one VU)',
    completedOnly: false,
    tags,
  } as const satisfies MetricDef
}
