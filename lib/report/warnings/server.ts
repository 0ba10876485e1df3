import { metricDef, READING_RESULTS, READING_SOURCES, SERVER_FIGURES } from '../../metrics/index.ts'
import type { ReadingResult } from '../../metrics/index.ts'
import { inWords, many, percent } from '../../tables/index.ts'
import { countOf } from '../summary.ts'
import { warnIf } from './types.ts'
import type { Seen, Warning } from './types.ts'

/** A reading may be lost now and then; from this share on, the figures miss what happened. */
const LOST = 0.1

const SAYS: Readonly<Record<Exclude<ReadingResult, 'figures'>, string>> = {
  no_figures: 'a page without a metric of a known engine',
  no_answer: 'no answer',
  http_error: 'an HTTP error',
  too_long: 'a page too long to be read',
  too_many_series: 'too many series to be read',
}

/** What of the server's own metrics is missing from the figures, and why. */
export function serverWarnings({ summary }: Pick<Seen, 'summary'>): Warning[] {
  return [...READING_SOURCES.flatMap((source) => unread(summary, source)), ...impossible(summary)]
}

function unread(summary: Seen['summary'], source: (typeof READING_SOURCES)[number]): Warning[] {
  const counts = READING_RESULTS.map((result) => ({
    result,
    count: countOf(summary, 'llm_server_readings', { source, result }) ?? 0,
  }))
  const all = counts.reduce((sum, { count }) => sum + count, 0)
  const read = counts.find(({ result }) => result === 'figures')?.count ?? 0
  // A server that was not said to have metrics need not have any, but what it has should be read.
  const lost = counts.filter(
    ({ result, count }) =>
      count > 0 &&
      result !== 'figures' &&
      (source !== 'default' || read > 0 || result.startsWith('too_')),
  )
  const missing = lost.reduce((sum, { count }) => sum + count, 0)
  const name = source === 'default' ? "the server's /metrics" : source
  const why = inWords(
    lost.map(({ result, count }) => `${SAYS[result as keyof typeof SAYS]} (${count})`),
  )
  return warnIf(missing > 0 && missing >= all * LOST, 'server_unread', () =>
    read === 0
      ? `${name} never gave a figure in ${many(all, 'reading')}: ${why}`
      : `${name} gave no figure in ${missing} of ${many(all, 'reading')}: ${why}; what the server did meanwhile is in no figure of its own`,
  )
}

function impossible(summary: Seen['summary']): Warning[] {
  const found = SERVER_FIGURES.flatMap((figure) => {
    const count = countOf(summary, 'llm_server_impossible', { figure }) ?? 0
    return count > 0 ? [{ title: metricDef(figure)?.title ?? figure, count }] : []
  })
  const named = inWords(found.map(({ title, count }) => `${title} (${many(count, 'reading')})`))
  return warnIf(
    found.length > 0,
    'server_impossible',
    () =>
      `the server's own metrics held values that cannot be (NaN, below 0, a share above ${percent(1)}, a counter that fell), which were left out: ${named}; a counter falls where a server restarts, or where several answer at one address`,
  )
}
