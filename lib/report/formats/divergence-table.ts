import { count, NONE, percent } from '../../tables/index.ts'
import type { Table } from '../../tables/index.ts'
import type { DivergencePart, DivergenceReport, Figure, Report } from '../../results/index.ts'

/** How many answers differ from those before the load, by part of the run; empty where none were compared. */
export function divergenceTable({ divergence }: Report): Table {
  const own = divergence?.parts ?? []
  // One measured phase says what all measured phases say.
  const phases = own.filter(({ by, measured }) => by === 'phase' && measured)
  const shown = phases.length === 1 ? own.filter(({ by }) => by !== 'measured') : own
  const rows = shown.map((part) => [
    nameOf(part),
    count(part.compared),
    count(part.differed),
    percent(part.share),
    range(part.low, part.high),
    range(part.excessLow, part.excessHigh),
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
  const { repeated, differed, share, low, high } = idle
  return [
    'idle, asked again',
    count(repeated),
    count(differed),
    percent(share),
    range(low, high),
    '',
    '',
  ]
}

function range(low: Figure, high: Figure): string {
  return low === null || high === null ? NONE : `${percent(low)} to ${percent(high)}`
}

function nameOf({ name, measured }: DivergencePart): string {
  return measured ? name : `${name} (not measured)`
}
