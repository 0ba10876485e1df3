import { count, fromTo, NONE, percent } from '../../tables/index.ts'
import type { Table } from '../../tables/index.ts'
import type { DivergenceReport, Report } from '../../results/index.ts'
import { partName, shownParts } from './scopes.ts'

/** How many answers differ from those before the load, by part of the run; empty where none were compared. */
export function divergenceTable({ divergence }: Report): Table {
  const rows = shownParts(divergence?.parts ?? []).map((part) => [
    partName(part),
    count(part.compared),
    count(part.differed),
    percent(part.share),
    fromTo(part, percent),
    fromTo({ low: part.excessLow, high: part.excessHigh }, percent),
    part.word === null ? NONE : count(part.word),
  ])
  const interval = `${percent(divergence?.confidence)} interval`
  const heading = ['answers other than idle', 'compared', 'differ', 'share', interval]
  return {
    heading: [...heading, 'than with less load', 'from word'],
    align: 'lrrrrrr',
    rows: divergence && rows.length > 0 ? [idleRow(divergence), ...rows] : [],
  }
}

/** Prompts that cannot be compared, as rows of a label and a text. */
export function divergenceRows({ divergence }: Report): [string, string][] {
  if (!divergence) return []
  const { prompts, unstable, unanswered } = divergence.idle
  const left = [
    ...(unstable > 0 ? [`${count(unstable)} answered otherwise the second time`] : []),
    ...(unanswered > 0 ? [`${count(unanswered)} not answered`] : []),
  ]
  return left.length === 0 ? [] : [['left out', `of ${count(prompts)} prompts, ${left.join(', ')}`]]
}

function idleRow({ idle }: DivergenceReport): string[] {
  const { repeated, differed, share } = idle
  return [
    'idle, asked again',
    count(repeated),
    count(differed),
    percent(share),
    fromTo(idle, percent),
    '',
    '',
  ]
}
