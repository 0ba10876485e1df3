import { duration, percent } from '../report/index.ts'
import type { Comparison } from './compare.ts'
import type { Gate } from './gate.ts'
import type { Shown } from './render.ts'
import { changeText, intervalText, pText, valueText, verdictText } from './show.ts'

const list = (names: readonly string[]) => names.join(', ')

export function comparisonShown(c: Comparison): Shown {
  const confidence = percent(1 - c.alpha)
  return {
    title: `${list(c.after)} against ${list(c.before)}: ${c.verdict}`,
    status: c.verdict === 'better' ? 'good' : c.verdict === 'worse' ? 'bad' : 'unclear',
    facts: c.differences.map((d) =>
      d.kind === 'told' ? d.message : `NOT COMPARABLE: ${d.message}`,
    ),
    heading: ['', 'before', 'after', 'change', `${confidence} interval`, 'p (Holm)', 'verdict'],
    rows: c.figures.map((f) => [
      f.title,
      valueText(f, f.before),
      valueText(f, f.after),
      changeText(f, f.change),
      intervalText(f),
      pText(f.adjustedP),
      verdictText(f),
    ]),
    tones: c.figures.map((f) =>
      f.verdict === 'better' ? 'good' : f.verdict === 'worse' ? 'bad' : '',
    ),
    notes: [
      `Method: ${c.method.text}.`,
      `A verdict needs a change of at least ${percent(c.minEffect)} (shares: ${percent(c.minShareEffect).replace('%', 'pp')}) that is no chance: over all ${c.tests} tests together the probability of even one false finding is at most ${percent(c.alpha)} (Holm). Intervals are each figure's own.`,
      ...(c.method.blockMs === null ? [] : [`Block length ${duration(c.method.blockMs)}.`]),
    ],
  }
}

export function gateShown(g: Gate): Shown {
  const below = comparisonShown(g.comparison)
  return {
    title: `Gate ${g.status}: ${list(g.comparison.after)} against ${list(g.comparison.before)}`,
    status: g.status === 'passed' ? 'good' : g.status === 'unclear' ? 'unclear' : 'bad',
    facts: below.facts,
    heading: ['', 'tolerated', 'before', 'after', 'change', 'interval', 'p (Holm)', 'gate'],
    rows: g.cases.map(({ title, tolerance, scale, change: f, status, message }) => [
      title,
      scale === 'ratio' ? percent(tolerance) : percent(tolerance).replace('%', 'pp'),
      ...(f === undefined
        ? ['–', '–', '–', '–', '–']
        : [
            valueText(f, f.before),
            valueText(f, f.after),
            changeText(f, f.change),
            intervalText(f),
            pText(f.adjustedP),
          ]),
      status === 'passed' ? 'passed' : `${status}: ${message}`,
    ]),
    tones: g.cases.map((c) =>
      c.status === 'failed' ? 'bad' : c.status === 'passed' ? 'good' : '',
    ),
    notes: below.notes,
  }
}
