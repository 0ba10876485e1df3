import { duration, NONE, num, percent } from '../tables/index.ts'
import { EXPLAINED } from './statistics/adjust.ts'
import type { Comparison } from './compare.ts'
import type { Gate } from './gate.ts'
import type { Shown } from '../tables/index.ts'
import {
  changeText,
  intervalText,
  MOST_TIMES,
  pText,
  roundedUp,
  sizeText,
  valueText,
  verdictText,
} from './show.ts'

type Labels = ReadonlyMap<string, string>

/** One run by its label; repeats by what their labels have in common, and how many they are: `a (3 runs)`. */
function sideText(names: readonly string[], labels: Labels): string {
  const own = names.map((name) => labels.get(name) ?? name)
  let common = ''
  for (const part of own.length < 2 ? [] : (own[0] ?? '').split(/(?<=[ /])/)) {
    if (!own.every((label) => label.startsWith(common + part))) break
    common += part
  }
  return common === '' ? own.join(', ') : `${common.replace(/[ /]$/, '')} (${own.length} runs)`
}

/**
 * A comparison as a table, with the differences, the method and its limits as notes.
 * @param labels what the title calls the runs, by their names
 */
export function comparisonShown(c: Comparison, labels: Labels = new Map()): Shown {
  const confidence = percent(1 - c.alpha)
  const { adjusted } = c.method.adjustment
  return {
    title: `${sideText(c.after, labels)} against ${sideText(c.before, labels)}: ${c.verdict}`,
    status: c.verdict === 'better' ? 'good' : c.verdict === 'worse' ? 'bad' : 'unclear',
    facts: factsOf(c, labels),
    heading: [
      '',
      'before',
      'after',
      'change',
      ...(adjusted ? [AT_EQUAL_TRAFFIC] : []),
      `${confidence} interval`,
      'p (Holm)',
      'finds from',
      'verdict',
    ],
    align: `l${'r'.repeat(adjusted ? 7 : 6)}l`,
    rows: c.figures.map((f) => [
      f.title,
      valueText(f, f.before),
      valueText(f, f.after),
      changeText(f, f.measuredChange),
      ...(adjusted ? [changeText(f, f.change)] : []),
      intervalText(f),
      pText(f.adjustedP),
      sizeText(f, f.detectable),
      verdictText(f, c.method),
    ]),
    spare: ['p (Holm)', 'finds from', `${confidence} interval`, 'before'],
    tones: c.figures.map((f) =>
      f.verdict === 'better' ? 'good' : f.verdict === 'worse' ? 'bad' : '',
    ),
    notes: [
      ...notesOf(c),
      `A verdict needs a change of at least ${percent(c.minEffect)} (shares: ${percent(c.minShareEffect).replace('%', 'pp')}) that is no chance: over all ${c.tests} tests together the probability of even one false finding is at most ${percent(c.alpha)} (Holm). Intervals are each figure's own.`,
      ...forFivePercent(c),
    ],
  }
}

const AT_EQUAL_TRAFFIC = 'at equal traffic'

function factsOf(c: Comparison, labels: Labels): string[] {
  const unlike = c.differences.map((d) =>
    d.kind === 'told' ? d.message : `NOT COMPARABLE: ${d.message}`,
  )
  return [...unlike, ...c.method.warnings].map((fact) => labelled(fact, labels))
}

/** A text with labels for whole names: `run-1` is no part of `run-10` or `run-1/a`. */
function labelled(text: string, labels: Labels): string {
  if (labels.size === 0) return text
  const names = [...labels.keys()].map((name) => name.replace(/[^A-Za-z0-9]/g, '\\$&'))
  const whole = new RegExp(`(?<![\\w./\\\\-])(?:${names.join('|')})(?![\\w/\\\\-]|\\.\\w)`, 'g')
  return text.replace(whole, (name) => labels.get(name) ?? name)
}

function notesOf({ figures, method }: Comparison): string[] {
  const { adjusted, text } = method.adjustment
  return [
    `Method: ${method.text}.`,
    adjusted
      ? `Adjusted for the traffic: before, after and change are as measured; "${AT_EQUAL_TRAFFIC}", its interval, p and verdict are without the part of a change that the sides' traffic alone explains, from ${text}. Nothing that the server did enters it; figures that the traffic does not explain stay as measured.`
      : `Not adjusted for the traffic: ${text}.`,
    ...unexplained(figures, method),
    ...(method.blockMs === null ? [] : [`Block length ${duration(method.blockMs)}.`]),
  ]
}

/** Each run has its own queue, and a run without one does not show how long queues get. */
function unexplained(figures: Comparison['figures'], method: Comparison['method']): string[] {
  if (method.kind !== 'block bootstrap' || method.paired) return []
  const weak = figures.filter((f) => f.scale === 'ratio' && f.p !== null && f.explained < EXPLAINED)
  if (weak.length === 0) return []
  const titles = weak.map((f) => f.title).join(', ')
  return [
    `Each side had traffic of its own, and what that did to ${titles} is not known: on a server near saturation, where requests have to wait, up to 1 in 7 comparisons of equal servers finds a change in such figures. Use the same SEED there, or repeats.`,
  ]
}

function forFivePercent({ figures, method }: Comparison): string[] {
  const known = figures.filter((f) => f.detectable !== null)
  if (known.length === 0) return []
  const finds =
    '"Finds from" is the smallest change that a comparison like this one finds in 9 of 10 cases.'
  const more = known.flatMap((f) => {
    const times = f.timesFor5Percent
    if (times === null || times <= 1) return []
    if (times > MOST_TIMES) return `${f.title} over ${MOST_TIMES} times as much`
    return method.windowMs === null
      ? `${f.title} ${num(times)} times as many runs`
      : `${f.title} ${duration(roundedUp(times * method.windowMs))}`
  })
  if (more.length === 0) return [finds]
  const how =
    method.paired || method.adjustment.adjusted
      ? ''
      : ' In an open loop, the same SEED on both sides needs the least time.'
  return [
    `${finds} To find 5 % one has to measure about this much on each side: ${more.join(', ')} (or repeats).${how}`,
  ]
}

/** A gate as a table, one row per tolerance. @param labels as for {@link comparisonShown} */
export function gateShown(g: Gate, labels: Labels = new Map()): Shown {
  const { adjusted } = g.comparison.method.adjustment
  return {
    title: `Gate ${g.status}: ${sideText(g.comparison.after, labels)} against ${sideText(g.comparison.before, labels)}`,
    status: g.status === 'passed' ? 'good' : g.status === 'unclear' ? 'unclear' : 'bad',
    facts: factsOf(g.comparison, labels),
    heading: [
      '',
      'tolerated',
      'before',
      'after',
      'change',
      ...(adjusted ? [AT_EQUAL_TRAFFIC] : []),
      'interval',
      'p (Holm)',
      'fails from',
      'gate',
    ],
    rows: g.cases.map(({ title, tolerance, scale, change: f, detectable, status, message }) => [
      title,
      scale === 'ratio' ? percent(tolerance) : percent(tolerance).replace('%', 'pp'),
      ...(f === undefined
        ? Array.from({ length: adjusted ? 7 : 6 }, () => NONE)
        : [
            valueText(f, f.before),
            valueText(f, f.after),
            changeText(f, f.measuredChange),
            ...(adjusted ? [changeText(f, f.change)] : []),
            intervalText(f),
            pText(f.adjustedP),
            sizeText(f, detectable),
          ]),
      status === 'passed' ? 'passed' : `${status}: ${message}`,
    ]),
    spare: ['p (Holm)', 'fails from', 'interval', 'before'],
    tones: g.cases.map((c) =>
      c.status === 'failed' ? 'bad' : c.status === 'passed' ? 'good' : '',
    ),
    notes: [
      ...notesOf(g.comparison),
      `A case fails when the change is worse than tolerated and no chance: over all ${g.comparison.tests} tests together the probability of even one false failure is at most ${percent(g.comparison.alpha)} (Holm). "Fails from" is the smallest change for the worse that a comparison like this one finds in 9 of 10 cases.`,
    ],
  }
}
