/** The k6 options that are compared: as a script exports them, and as k6 plays them. */
export interface PlayedOptions {
  scenarios?: Readonly<Record<string, unknown>> | null | undefined
  thresholds?: Readonly<Record<string, readonly unknown[]>> | null | undefined
  summaryTrendStats?: readonly string[] | null | undefined
}

/** Options that our scripts never set, and that change the load or lose answers. */
const FOREIGN: Readonly<Record<string, string>> = {
  minIterationDuration: 'it keeps VUs waiting after their answers',
  rps: 'it holds requests over k6/http back',
  discardResponseBodies: 'it throws away what the server answers',
}

/**
 * How what k6 plays differs from what the script plans. An archive keeps the options that it was made
 * with, whatever variables its run is given; options on the command line and `K6_…` variables replace
 * those of the script.
 *
 * @param planned the options that the script exports
 * @param played `exec.test.options` of the run; additional scenarios and thresholds are fine
 * @returns one sentence per difference; empty when everything planned is played
 */
export function playedOtherwise(planned: PlayedOptions, played: PlayedOptions): string[] {
  return [
    ...scenarios(planned, played),
    ...thresholds(planned, played),
    ...trendStats(planned, played),
    ...foreign(played),
  ]
}

function scenarios(planned: PlayedOptions, played: PlayedOptions): string[] {
  return Object.entries(planned.scenarios ?? {}).flatMap(([name, own]) => {
    const other = played.scenarios?.[name]
    if (!isObject(own)) return []
    if (!isObject(other)) return [`scenario ${name} is not played`]
    return Object.entries(own)
      .filter(([field, value]) => plain(value) !== plain(other[field]))
      .map(([field, value]) => `scenario ${name}: ${difference(field, value, other[field])}`)
  })
}

/** Where a list differs, its first entry that does: lists of stages are too long to be read. */
function difference(field: string, planned: unknown, played: unknown): string {
  if (Array.isArray(planned) && Array.isArray(played) && planned.length === played.length) {
    const at = planned.findIndex((one, i) => plain(one) !== plain(played[i]))
    const [own, other] = [planned[at], played[at]]
    if (isObject(own) && isObject(other)) {
      const key = Object.keys(own).find((name) => plain(own[name]) !== plain(other[name]))
      if (key !== undefined) return difference(`${field}[${at}].${key}`, own[key], other[key])
    }
  }
  return `${field} is ${shown(played)} and should be ${shown(planned)}`
}

function thresholds(planned: PlayedOptions, played: PlayedOptions): string[] {
  const lost = Object.entries(planned.thresholds ?? {}).flatMap(([key, expressions]) => {
    const kept = (played.thresholds?.[key] ?? []).map(expressionOf)
    const wanted = expressions.map(expressionOf)
    return wanted.filter((one) => !kept.includes(one)).map((one) => `${key}: ${String(one)}`)
  })
  if (lost.length === 0) return []
  const more = lost.length === 1 ? '' : ` and ${lost.length - 1} more`
  return [`thresholds are missing: ${lost[0]}${more}`]
}

/** k6 takes a threshold as an expression, or as an object that holds one. */
function expressionOf(threshold: unknown): unknown {
  return isObject(threshold) ? threshold['threshold'] : threshold
}

function trendStats(planned: PlayedOptions, { summaryTrendStats }: PlayedOptions): string[] {
  const lost = (planned.summaryTrendStats ?? []).filter(
    (stat) => summaryTrendStats?.includes(stat) !== true,
  )
  return lost.length === 0 ? [] : [`summaryTrendStats lacks ${lost.join(', ')}`]
}

function foreign(played: PlayedOptions): string[] {
  const options = played as Readonly<Record<string, unknown>>
  return Object.entries(FOREIGN)
    .filter(([name]) => options[name])
    .map(([name, why]) => `${name} is ${shown(options[name])}: ${why}`)
}

/** One spelling per value: k6 writes `90000ms` as `1m30s`, and null for what is not set. */
function plain(value: unknown): string {
  if (typeof value === 'string') return String(durationMs(value) ?? value)
  if (Array.isArray(value)) return `[${value.map(plain).join()}]`
  if (!isObject(value)) return String(value ?? null)
  const fields = Object.entries(value).map(([name, of]) => `${name}:${plain(of)}`)
  return `{${fields.sort().join()}}`
}

const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  µs: 1e-3,
  us: 1e-3,
  ns: 1e-6,
}
const PART = '(\\d+(?:\\.\\d+)?)(h|ms|m|s|µs|us|ns)'

/** A duration in Go's notation, in ms to a thousandth; undefined for other text. */
function durationMs(text: string): number | undefined {
  if (!new RegExp(`^(${PART})+$`).test(text)) return undefined
  let ms = 0
  for (const [, count, unit] of text.matchAll(new RegExp(PART, 'g'))) {
    ms += Number(count) * UNIT_MS[unit!]!
  }
  return Math.round(ms * 1000) / 1000
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'not set'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
