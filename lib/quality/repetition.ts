import { wordsOf } from './normalise.ts'

/** The end is looked at this far back, characters. */
const TAIL = 4000
/** A text that repeats itself to its end this often and this long is a loop. */
const TIMES = 5
const LONG = 150
/** One character suffices, digits aside. */
const RUN = 40
/** Whatever repeats to the end for `LONG` repeats these last characters, too. */
const PROBE = 25
/** Lines and fill of one character are drawn on purpose. */
const DRAWN = /^[\s\-_=.*#~+|\u2500-\u257f\u2580-\u259f\u00b7\u2022]*$/

/**
 * Whether the end of a text repeats one piece over and over, as a model does that cannot stop: at least five
 * times in a row, over at least 150 characters. One character suffices from 40 on (`!!!!`), a digit from 150.
 *
 * Whole stretches are compared, which is native code: a loop over characters takes 10 ms in k6's engine.
 */
export function loops(text: string): boolean {
  const end = text.trimEnd().slice(-TAIL)
  const { length } = end
  if (endsIn(end, 1, RUN) && !/\d$/.test(end) && !DRAWN.test(end.slice(-1))) return true
  const probe = end.slice(-PROBE)
  for (let at = length - PROBE - 1; at >= 0; at--) {
    at = end.lastIndexOf(probe, at)
    const period = length - PROBE - at
    if (at < 0 || period * TIMES > length) return false
    const piece = end.slice(-period)
    if (endsIn(end, period, Math.max(LONG, period * TIMES)) && !DRAWN.test(piece)) return true
  }
  return false
}

/** Whether the last `size` characters have this period. */
function endsIn(text: string, period: number, size: number): boolean {
  return size <= text.length && text.slice(-size, -period) === text.slice(period - size)
}

const N = 4
/** Fewer n-grams say nothing. */
const ENOUGH = 60
const MOST_WORDS = 4000
/** Text by people has 0.01-0.1 (Welleck et al. 2020, "seq-rep-4"); code and tables have up to 0.4. */
const REPEATED = 0.5

/**
 * Whether most of a text says what it has said before: the share of its word 4-grams that are not new
 * (seq-rep-4 of Welleck et al., "Neural Text Generation with Unlikelihood Training", 2020) is above 0.5.
 */
export function repeats(text: string): boolean {
  if (!mayRepeat(text)) return false
  const words = wordsOf(text).slice(0, MOST_WORDS)
  const count = words.length - N + 1
  if (count < ENOUGH) return false
  const numbers = new Map<string, number>()
  const seen = new Set<number>()
  // Four numbers below MOST_WORDS in one: exact up to 2^53.
  let key = 0
  for (const [i, word] of words.entries()) {
    let number = numbers.get(word)
    if (number === undefined) numbers.set(word, (number = numbers.size))
    key = (key % MOST_WORDS ** (N - 1)) * MOST_WORDS + number
    if (i >= N - 1) seen.add(key)
  }
  return 1 - seen.size / count > REPEATED
}

const PROBES = 16
/** Of texts that repeat half of what they say, all but 1 in 10,000 show so many of the probes twice. */
const FEWEST = 2
const PROBE_LENGTH = 20

/** A quick look: whether pieces from all over the text stand in it twice. */
function mayRepeat(text: string): boolean {
  let twice = 0
  for (let i = 0; i < PROBES; i++) {
    const at = Math.floor(((text.length - PROBE_LENGTH) * i) / PROBES)
    const piece = text.slice(at, at + PROBE_LENGTH)
    if (text.indexOf(piece) < at || text.includes(piece, at + 1)) twice++
    if (twice >= FEWEST) return true
  }
  return false
}
