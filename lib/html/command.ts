import type { Report } from '../results/index.ts'

/** What a shell reads as it stands. */
const PLAIN = /^[\w@%+=:,./-]+$/

const quoted = (text: string) => (PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** Where results go is not part of what is run. */
const NOT_REPEATED = new Set(['RESULTS', 'RECORDS'])

/**
 * The command that runs the same again; undefined for results of versions that did not keep what was given.
 * Keys, headers and the like are not kept: they must be given again.
 */
export function commandOf({ run, environment }: Report): string | undefined {
  const given = environment.config['asGiven']
  if (typeof given !== 'object' || given === null) return undefined
  const { BASE_URL: url, ...others } = given as Record<string, unknown>
  const variables = Object.entries(others).filter(([name]) => !NOT_REPEATED.has(name))
  return [
    `npx k6-inference run ${quoted(run.scenario)}`,
    ...(url === undefined ? [] : [`--url ${quoted(String(url))}`]),
    ...variables.map(([name, value]) => `-e ${quoted(`${name}=${String(value)}`)}`),
  ].join(' ')
}
