import { Counter, Gauge, Rate, Trend } from 'k6/metrics'
import { labelled, metricDefs, type AddSample } from '../metrics/index.ts'
import { FIRST_LOAD } from './configure.ts'
import { addSample, pushSamples } from './transport.ts'

const KINDS = { trend: Trend, counter: Counter, gauge: Gauge, rate: Rate }

type Tags = Readonly<Record<string, string>>

export type { AddSample }

export interface Metrics {
  /** Adds one value. */
  add: AddSample
  /**
   * What adds samples with `labels` beneath their own tags, until `push(labels)`: in one piece where the
   * socket module can. k6's collector takes samples as they come and is woken for each, so a sample added
   * by itself costs 24 us in a run of 100 streams on two cores, most of it on other threads.
   */
  under(labels: Tags): AddSample
  push(labels: Tags): void
}

/**
 * Makes the catalogue's metrics known to k6. Call it while the script is loaded: k6 then has them from the
 * first load on, and only `add` of their objects needs those in every VU, where they take 60 kB.
 */
export function createMetrics(): Metrics {
  if (addSample === undefined || pushSamples === undefined) return oneByOne(makeMetrics())
  if (FIRST_LOAD) makeMetrics()
  return inOnePiece(addSample, pushSamples)
}

type Metric = { add(value: number, tags?: Record<string, string>): void }

function makeMetrics(): Record<string, Metric> {
  const objects: Record<string, Metric> = {}
  for (const { name, kind, unit } of metricDefs())
    objects[name] = new KINDS[kind](name, unit === 'ms')
  return objects
}

function oneByOne(objects: Record<string, Metric>): Metrics {
  const add: AddSample = (metric, value, tags) => objects[metric]?.add(value, tags)
  return { add, under: (labels) => labelled(labels, add), push() {} }
}

function inOnePiece(addSample: AddSample, pushSamples: (labels?: Tags) => void): Metrics {
  return {
    add(metric, value, tags) {
      addSample(metric, value, tags)
      pushSamples()
    },
    under: () => addSample,
    push: pushSamples,
  }
}
