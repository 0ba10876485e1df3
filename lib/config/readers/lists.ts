import { readEndpoint, type EndpointConfig } from './endpoint.ts'
import { toNumber } from './numbers.ts'
import { refusal, value, type Read } from './outcome.ts'

export interface WeightedEndpoint {
  endpoint: EndpointConfig
  /** Share of the requests, relative to the other weights. */
  weight: number
  /** `host:port`, fit for a tag. */
  name: string
}

/** Each step is a phase with its own figures, and each of these costs k6 a threshold. */
const MOST_STEPS = 24
const MOST_ENDPOINTS = 8
const HIGHEST = 100_000

/** Reads the levels of a sweep: rising numbers above 0, separated by commas. */
export function readLevels(text: string): Read<number[]> {
  const levels: number[] = []
  for (const part of text.split(',')) {
    const number = toNumber(part.trim())
    if (number === undefined) return refusal(`"${part.trim()}" is not a number`)
    if (!(number > 0 && number <= HIGHEST))
      return refusal(`${number} is not above 0, to ${HIGHEST}`)
    const last = levels[levels.length - 1]
    if (last !== undefined && number <= last) {
      return refusal(`levels must rise, and ${number} comes after ${last}`)
    }
    levels.push(number)
  }
  return levels.length > MOST_STEPS
    ? refusal(`${levels.length} steps, at most ${MOST_STEPS} are taken`)
    : value(levels)
}

/** Reads words from a fixed set, separated by commas. */
export function readWords<T extends string>(text: string, words: readonly T[]): Read<T[]> {
  const found = text.split(',').map((part) => part.trim().toLowerCase())
  const unknown = found.find((word) => !(words as readonly string[]).includes(word))
  return unknown === undefined ? value([...new Set(found)] as T[]) : refusal(`"${unknown}" is none`)
}

/** Reads names as k6 gives them to metrics and tags, separated by commas. */
export function readNames(text: string): Read<string[]> {
  const found = text.split(',').map((part) => part.trim())
  const wrong = found.find((name) => !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name))
  return wrong === undefined ? value([...new Set(found)]) : refusal(`"${wrong}" is no name`)
}

/** Reads endpoints with weights: `http://a:8000/v1=3, http://b:8000/v1`. */
export function readEndpoints(text: string): Read<WeightedEndpoint[]> {
  const found: { endpoint: EndpointConfig; weight: number }[] = []
  for (const part of text.split(',')) {
    const entry = part.trim()
    const [, url = '', weightText] = /^(.*?)(?:=([^=/]*))?$/.exec(entry) ?? []
    const endpoint = readEndpoint(url)
    if (!endpoint.ok) return refusal(`one of them ${endpoint.message}`)
    const weight = weightText === undefined ? 1 : toNumber(weightText)
    if (weight === undefined || !(weight > 0)) return refusal('a weight is a number above 0')
    found.push({ endpoint: endpoint.value, weight })
  }
  if (found.length > MOST_ENDPOINTS) {
    return refusal(`${found.length} endpoints, at most ${MOST_ENDPOINTS} are taken`)
  }
  const hosts = found.map(({ endpoint: { host, port } }) => `${host}:${port}`)
  const named = found.map(({ endpoint, weight }, i) => {
    const host = hosts[i] as string
    const alone = hosts.indexOf(host) === hosts.lastIndexOf(host)
    return { endpoint, weight, name: alone ? host : `${host}${endpoint.basePath}` }
  })
  const twice = named.find(({ name }, i) => named.findIndex((other) => other.name === name) !== i)
  return twice === undefined ? value(named) : refusal(`${twice.name} is in it twice`)
}
