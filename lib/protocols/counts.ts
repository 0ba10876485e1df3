import type { Usage } from './types.ts'

/** The server's own counts as they arrive: usage, and the number of tokens so far. */
export interface Counts {
  /** Takes the usage in a frame, or the parts of it that are given. */
  report(update: Partial<Usage>): void
  /** `report` and `tokensIn` in one, for a repeated frame in which only the count so far changes. */
  advance(output: number): number | undefined
  /** @returns tokens in this event, from the count so far; undefined where the wire does not give it */
  tokensIn(total: number | undefined): number | undefined
  /** @returns whether an event without text brought a token, according to the count so far */
  grew(total: number): boolean
  end(): { usage: Usage | undefined; usageOdd: boolean; countsPerEvent: boolean }
  reset(): void
}

export function createCounts(): Counts {
  let usage: Usage | undefined
  let odd!: boolean
  let soFar!: number
  /** Counts given event by event: how many, their sum, and how often one did not exceed the last. */
  let given!: number
  let sum!: number
  let last!: number
  let stalled!: number
  let fell!: boolean
  reset()

  function reset(): void {
    usage = undefined
    odd = fell = false
    soFar = given = sum = last = stalled = 0
  }

  function tokensIn(total: number | undefined): number | undefined {
    if (total === undefined || total === 0) return undefined
    given++
    sum += total
    if (total <= last) {
      stalled++
      fell ||= total < last || given === 2
    }
    last = total
    const fresh = total - soFar
    if (fresh <= 0) return 0
    soFar = total
    return fresh
  }

  return {
    reset,
    report(update) {
      const merged = merge(usage, update)
      usage = merged.usage
      odd ||= merged.takenBack
    },
    advance(output) {
      const fresh = tokensIn(output)
      if (usage !== undefined && output > (usage.output ?? 0)) usage.output = output
      return fresh
    },
    tokensIn,
    grew: (total) => total > soFar,
    end() {
      // A count of the answer so far grows with each text, possibly up to some point: one that falls, or
      // never grew, is the event's own count.
      const countsPerEvent = fell && stalled * 2 >= given - 1
      if (!countsPerEvent || usage === undefined) {
        return { usage, usageOdd: odd, countsPerEvent: false }
      }
      const output = Math.max(sum, usage.output ?? 0)
      return { usage: { ...usage, output }, usageOdd: true, countsPerEvent }
    },
  }
}

/**
 * Anthropic sends input and output counts in different events: the last value given wins. But output
 * only grows, and a zero does not take a count back, because gateways append usages of zeros.
 */
function merge(before: Usage | undefined, update: Partial<Usage>) {
  let takenBack = false
  const latest = (old: number | undefined, given: number | undefined) => {
    if (given === 0 && old !== undefined && old > 0) {
      takenBack = true
      return old
    }
    return given ?? old
  }
  const output = latest(before?.output, update.output)
  const usage: Usage = {
    input: latest(before?.input, update.input),
    output: output === undefined ? undefined : Math.max(output, before?.output ?? 0),
    cached: update.cached || before?.cached || update.cached,
    reasoning: update.reasoning || before?.reasoning || update.reasoning,
  }
  const total = update.total || before?.total
  if (total !== undefined) usage.total = total
  return { usage, takenBack }
}
