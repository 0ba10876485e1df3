import { count, percent } from '../../tables/index.ts'
import type { Table } from '../../tables/index.ts'
import { ownMark } from './marks.ts'
import type { Report } from '../../results/index.ts'

/** The script's own checks, as k6 counts them; no row where there are none. */
export function checkTable({ own: { checks } }: Report): Table {
  return {
    heading: ['', 'checks', 'passed'],
    align: 'lll',
    rows: checks.map(({ group, name, passes, fails }) => {
      const share = passes + fails === 0 ? null : passes / (passes + fails)
      return [
        ownMark(fails === 0).mark,
        group === '' ? name : `${group} › ${name}`,
        `${percent(share)}, ${count(passes)} of ${count(passes + fails)}`,
      ]
    }),
    tones: checks.map(({ fails }) => ownMark(fails === 0).tone),
  }
}

/** The script's own thresholds; no row where there are none. */
export function thresholdTable({ own: { thresholds } }: Report): Table {
  return {
    heading: ['', 'own thresholds', ''],
    align: 'lll',
    rows: thresholds.map(({ metric, expression, ok }) => [ownMark(ok).mark, metric, expression]),
    tones: thresholds.map(({ ok }) => ownMark(ok).tone),
  }
}
