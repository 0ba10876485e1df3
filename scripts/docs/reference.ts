import { CATALOGUE } from '../../lib/metrics/index.ts'
import type { MetricDef } from '../../lib/metrics/index.ts'
import { ANSWER_FIELDS, REQUEST_FIELDS } from '../../lib/records/index.ts'
import type { Field } from '../../lib/records/index.ts'
import { GENERATED, prose, wrapped } from './page.ts'

/** The text of docs/reference/metrics.md. */
export function metricsPage(): Promise<string> {
  return wrapped([
    '# Metrics',
    '',
    GENERATED,
    '',
    'Every k6 metric of a run, with its formula. Times are in milliseconds, from the moment a request is handed to an',
    'open connection, unless the formula says otherwise. [Figures of a run](../results.md) are made of these.',
    '',
    ...(CATALOGUE as readonly MetricDef[]).flatMap((def) => [
      `## ${def.name}`,
      '',
      `${prose(def.formula)}.`,
      '',
      `- ${def.kind}${def.unit === 'none' ? '' : `, ${def.unit}`}`,
      `- no value: ${prose(def.noValue)}`,
      ...(def.liveOnly === true ? ['- for dashboards only: results do not have it'] : []),
      '',
    ]),
  ])
}

/** The text of docs/reference/records.md. */
export function recordsPage(): Promise<string> {
  return wrapped([
    '# Records',
    '',
    GENERATED,
    '',
    '`RECORDS=on` writes one JSON line per request (`requests.jsonl`): the fields below. A file begins with a line about',
    'the run and ends with a line that says how far it got; lines with `"record":"server"` hold the server\'s own metrics.',
    '',
    ...fieldLines(REQUEST_FIELDS),
    '',
    '## Kept answers',
    '',
    '`KEEP_ANSWERS` adds a line with the texts of a share of the requests, after the line of its request:',
    '',
    ...fieldLines(ANSWER_FIELDS),
  ])
}

function fieldLines(fields: Readonly<Record<string, Field>>): string[] {
  return Object.entries(fields).map(
    ([name, { kind, given, meaning }]) =>
      `- \`${name}\` (${kind}${given === 'always' ? '' : `; ${prose(given)}`}): ${prose(meaning)}`,
  )
}
