import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../../lib/metrics/index.ts'
import type { MetricDef, MetricName } from '../../lib/metrics/index.ts'
import { figureDef } from '../../lib/runs/index.ts'
import { eachQuery } from '../grafana/queries.ts'
import { filesBelow, textOf } from '../support/sources.ts'

const catalogue: readonly MetricDef[] = CATALOGUE

/** Metrics that no dashboard draws, and why. All others are drawn. */
const UNDRAWN: Partial<Record<MetricName, string>> = {
  llm_chunks_per_bunch: 'is judged once, by the summary',
  llm_input_tokens_per_request: 'a length that the workload sets',
  llm_output_tokens_per_request: 'a length that the workload sets',
  llm_input_miss: 'is judged once, by the summary',
  llm_input_as_wanted: 'is judged once, by the summary',
  llm_output_as_wanted: 'is judged once, by the summary',
  llm_output_tokens_wanted: 'is judged once, by the summary',
  llm_request_failed: 'for thresholds: dashboards divide the counters, which add up over pods',
  llm_request_good: 'for thresholds: dashboards divide the counters, which add up over pods',
  llm_answer_passed: 'for thresholds: dashboards divide the counters, which add up over pods',
  llm_json_valid: 'for thresholds: dashboards divide the counters, which add up over pods',
  llm_answer_diverged: 'for thresholds: dashboards divide the counters, which add up over pods',
  llm_diverged_at: 'of single answers; the summary has its median by step',
  llm_spend: 'is summed up by the summary; the server bills by its own prices',
  llm_in_flight_time: 'dashboards have the requests in flight at each moment',
  llm_preflight_failed: 'no load runs then, and nothing is live',
  llm_phase: 'phases are marked by the label of the requests',
  llm_server_polls: 'says which figures the server told, for the summary',
  llm_server_readings: 'is judged once, by the summary',
  llm_server_impossible: 'is judged once, by the summary',
}

/** Metrics that only the files of a run hold: no table, warning or chart reads them. */
const IN_FILES_ONLY: Partial<Record<MetricName, string>> = {
  llm_ttfb: 'of the network, beside TTFT',
  llm_stall: 'of single answers',
  llm_stream: 'E2E and what follows the last token',
  llm_e2e_due: 'TTFT from due tells of a late client',
  llm_target_rate: 'the plan is known to whoever reads the results',
  llm_target_concurrency: 'the plan is known to whoever reads the results',
  llm_requests_in_flight: 'for dashboards: files have the start and the end of each request',
  llm_phase: 'the plan is known to whoever reads the results',
  llm_json_valid: 'for a limit, which says its value; by grader, the table of quality has it',
  llm_load_time: 'lays runs over each other on dashboards',
  llm_slo: 'lines of limits on dashboards',
}

const queries = eachQuery()
  .map(({ expr }) => expr)
  .join('\n')
const readers = filesBelow()
  .filter((file) => /^(lib\/(report|runs|html|cost|capacity|compare)|cli)\/.*\.ts$/.test(file))
  .map(textOf)
  .join('\n')

function isDrawn(name: string): boolean {
  return new RegExp(`k6_${name}(?:_total|_seconds|_rate|_p\\d+|_max|_count|_sum)?[{\\[]`).test(
    queries,
  )
}

function isRead(name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(readers)
}

/** Latencies may ask for a row in the table on screen by themselves. */
function isInTable(def: MetricDef & { screen?: string }): boolean {
  return def.screen !== undefined && def.screen !== 'never'
}

describe('a metric that is new', () => {
  it('is drawn by a dashboard, or it says here why not', () => {
    const forgotten = catalogue
      .map(({ name }) => name)
      .filter((name) => !isDrawn(name) && !(name in UNDRAWN))
    expect(forgotten, 'draw it in grafana/src/dashboards, or add it to UNDRAWN').toEqual([])
    const drawn = Object.keys(UNDRAWN).filter(isDrawn)
    expect(drawn, 'these are drawn: take them out of UNDRAWN').toEqual([])
  })

  it('is on screen, in a warning or in a chart, or it says here why not', () => {
    const forgotten = catalogue.filter(
      (def) => !isRead(def.name) && !isInTable(def) && !(def.name in IN_FILES_ONLY),
    )
    expect(
      forgotten.map(({ name }) => name),
      'show it in lib/report, or add it to IN_FILES_ONLY',
    ).toEqual([])
    const read = Object.keys(IN_FILES_ONLY).filter(isRead)
    expect(read, 'these are read: take them out of IN_FILES_ONLY').toEqual([])
  })

  it('can be compared where it is a latency', () => {
    const forgotten = catalogue.filter(({ name, timing }) => {
      return timing !== undefined && figureDef(`${name.replace('llm_', '')}_p95`) === undefined
    })
    expect(
      forgotten.map(({ name }) => name),
      'give it a figure in lib/runs/figures.ts',
    ).toEqual([])
  })
})
