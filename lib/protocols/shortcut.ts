import type { LoneEvent } from './events.ts'
import { blankTemplate, learnTemplate } from './learn.ts'
import { matchTemplate } from './template.ts'
import type { Template, TemplateMatch } from './template.ts'

/** Interleaved choices, and reasoning next to an answer, need more than one template. */
const maxTemplates = 4
/** Learning costs a few parses: a stream whose events never repeat is soon left alone. */
const learnBudget = 6
const hitsForOneMore = 32

export interface Shortcut {
  /** The template of the event at `pos`, with `match` filled in; undefined when none fits. */
  find(text: string, pos: number, to: number): Template | undefined
  readonly match: TemplateMatch
  readonly wantsToLearn: boolean
  /** Reports events that were read by a template without `find`. */
  hit(events: number): void
  learn(event: LoneEvent): void
  /** For another answer: what was learnt stays, as what an event says does not depend on those before it. */
  reset(): void
}

/** The templates of a session's streams, learnt from their own events. */
export function createShortcut(textKeys: readonly string[]): Shortcut {
  const match: TemplateMatch = { end: 0, textFrom: 0, textTo: 0, count: 0 }
  let templates: Template[] = []
  let budget!: number
  let hits!: number
  let earlier: string | undefined
  reset()

  function reset(): void {
    budget = learnBudget
    hits = 0
  }

  function hit(events: number): void {
    hits += events
    if (hits < hitsForOneMore) return
    budget = Math.min(learnBudget, budget + Math.floor(hits / hitsForOneMore))
    hits = 0
  }

  function put(template: Template): void {
    templates = [template, ...templates.slice(0, maxTemplates - 1)]
  }

  return {
    match,
    hit,
    reset,
    get wantsToLearn() {
      return budget > 0
    },
    find(text, pos, to) {
      for (let i = 0; i < templates.length; i++) {
        const template = templates[i]!
        if (!matchTemplate(template, text, pos, to, match)) continue
        if (i > 0) {
          templates[i] = templates[0]!
          templates[0] = template
        }
        hit(1)
        return template
      }
      return undefined
    },
    learn({ wire, brought, effects, readRaw }) {
      budget--
      if (brought === 'blank') {
        if (effects.cumulative === undefined) put(blankTemplate(wire))
        return
      }
      const before = earlier
      earlier = wire.raw
      // What changes from event to event shows from the second one on; a count always changes.
      if (before === undefined && effects.cumulative !== undefined) return
      const found = learnTemplate(wire, textKeys, before, readRaw)
      if (found !== undefined) put(found)
    },
  }
}
