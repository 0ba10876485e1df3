import { sloTable, within } from '../report/index.ts'
import type { Report } from '../results/index.ts'
import { count, NONE, num, plusMinus, plusMinusPercent } from '../tables/index.ts'
import type { Section } from './frame.ts'
import { card, section } from './parts.ts'

/** A card for each limit with its verdict, and one for each figure that people ask for first. */
export function sloSection(report: Report): Section {
  const { rows, tones } = sloTable(report)
  const cards = rows.map(
    ([mark = '', title = '', limit = '', value = '', within = '', word = ''], i) => {
      const interval = within === '' || within === NONE ? '' : ` · ${within}`
      return card(title, value, `${mark} ${word} · limit ${limit}${interval}`, tones?.[i])
    },
  )
  return section(
    'slo',
    'Limits',
    `<div class="cards">${cards.join('')}</div>`,
    `<div class="cards">${factCards(report).join('')}</div>`,
  )
}

function factCards({ measured }: Report): string[] {
  const of = (key: 'outputTokensPerS' | 'tokensPerSPerUser' | 'goodPerS') =>
    plusMinus(measured[key], within(measured, key))
  const facts: (readonly [string, string, string])[] = [
    ...(measured.textsPerS === null
      ? ([
          ['Output', `${of('outputTokensPerS')} tokens/s`, 'measured phases'],
          ['Per user', `${of('tokensPerSPerUser')} tokens/s`, '1 / median TPOT'],
        ] as const)
      : ([
          ['Texts', `${num(measured.textsPerS)} texts/s`, 'measured phases'],
          ['Input', `${num(measured.inputTokensPerS)} tokens/s`, 'measured phases'],
        ] as const)),
    [
      'Goodput',
      measured.goodPerS === null ? '–' : `${of('goodPerS')} requests/s`,
      measured.goodShare === null
        ? 'no latency limit was set'
        : `${plusMinusPercent(measured.goodShare, within(measured, 'goodShare'))} keep every limit`,
    ],
    [
      'Completed',
      count(measured.completed),
      `of ${count(measured.started)} started, measured phases`,
    ],
  ]
  return facts.map(([label, value, note]) => card(label, value, note))
}
