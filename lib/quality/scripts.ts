/** Letters of each script as ranges of a character class: k6's engine has no `\p{Script=…}`. */
const SCRIPTS = {
  latin: 'A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f\\u1e00-\\u1eff',
  greek: '\\u0370-\\u03ff\\u1f00-\\u1fff',
  cyrillic: '\\u0400-\\u052f',
  armenian: '\\u0530-\\u058f',
  hebrew: '\\u0590-\\u05ff',
  arabic: '\\u0600-\\u06ff\\u0750-\\u077f',
  indic: '\\u0900-\\u0dff',
  thai: '\\u0e00-\\u0eff',
  georgian: '\\u10a0-\\u10ff',
  hangul: '\\u1100-\\u11ff\\uac00-\\ud7a3',
  han: '\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff',
} as const

type Script = keyof typeof SCRIPTS

/** Scripts that touch inside words of good texts: `Δx`, `iPhone手机`, `API를`, and prefixes on names. */
const TOUCHING: readonly (readonly [Script, Script])[] = [
  ['latin', 'greek'],
  ['latin', 'hebrew'],
  ['latin', 'arabic'],
  ['latin', 'thai'],
  ['latin', 'hangul'],
  ['latin', 'han'],
  ['hangul', 'han'],
]

let pairs: RegExp | undefined

/** Matches wherever letters touch of two scripts that do not belong together. */
export function scriptPairs(): RegExp {
  return (pairs ??= new RegExp(names.map(besideStrangers).join('|'), 'g'))
}

const names = Object.keys(SCRIPTS) as Script[]

function besideStrangers(script: Script): string {
  const strangers = names.filter((other) => other !== script && !touch(script, other))
  return `[${SCRIPTS[script]}](?=[${strangers.map((other) => SCRIPTS[other]).join('')}])`
}

function touch(a: Script, b: Script): boolean {
  return TOUCHING.some((pair) => pair.includes(a) && pair.includes(b))
}
