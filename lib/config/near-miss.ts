import { namesLimit } from './foreign-names.ts'
import type { ConfigWarning } from './types.ts'
import { editDistance } from './edit-distance.ts'
import { variableNames } from './variables/index.ts'

/** Names set by shells, systems and CI that lie close to one of ours. */
const strangers = new Set(
  (
    'DATE NAME HOME USER SHELL PATH PWD OLDPWD TERM LANG MAIL PAGER EDITOR VISUAL DISPLAY HOST ' +
    'HOSTNAME LOGNAME TMP TEMP TMPDIR TZ CI PS1 SHLVL MODE NODE PORT DEBUG ARCH LINES COLUMNS'
  ).split(' '),
)

const letters = (name: string) =>
  name
    .replace(/[^A-Z0-9]/g, '')
    .split('')
    .sort()
    .join('')

/** Two edits turn most names of four letters into any other name. */
const tolerance = (name: string) => (name.length <= 5 ? 1 : 2)

/**
 * Warns of names in the environment that look like a misspelt name of ours. The environment holds the
 * whole shell, so these are not errors, and values are not looked at. For limits see `foreign-names.ts`.
 *
 * @param names names in the environment with a non-empty value
 * @returns one warning per name
 */
export function nearMisses(names: readonly string[]): ConfigWarning[] {
  const known = new Set<string>(variableNames)
  const candidates = variableNames.filter((name) => !namesLimit(name)).map(candidate)
  const warnings: ConfigWarning[] = []
  for (const given of names) {
    if (known.has(given) || strangers.has(given) || given.startsWith('K6_')) continue
    if (namesLimit(given)) continue
    const ours = closest(given.toUpperCase().replace(/-/g, '_'), candidates)
    if (ours === undefined) continue
    warnings.push({
      variable: given,
      message: `${given} is not a variable of this test and has no effect: did you mean ${ours}?`,
    })
  }
  return warnings
}

interface Candidate {
  name: string
  letters: string
  /** Most edits between it and what may be meant for it. */
  most: number
}

function candidate(name: string): Candidate {
  return { name, letters: letters(name), most: tolerance(name) }
}

function closest(given: string, candidates: readonly Candidate[]): string | undefined {
  let best: string | undefined
  let bestDistance = Infinity
  const ofGiven = letters(given)
  for (const { name, letters: ofName, most } of candidates) {
    const distance = ofGiven === ofName ? 0 : editDistance(given, name, most)
    if (distance > most || distance >= bestDistance) continue
    best = name
    bestDistance = distance
  }
  return best
}
