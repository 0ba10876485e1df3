import { formula, page } from '../layout.ts'
import { counter, gauge } from '../names.ts'
import type { Mode } from '../modes.ts'
import { rows } from '../panels.ts'
import { FAILED_OUTCOMES, JUDGED_OUTCOMES } from '../queries.ts'
import { datasource } from '../variables.ts'

const BY = 'by (testid)'
const last = (series: string) => `last_over_time(${series}[$__range])`
const sum = (series: string) => `sum ${BY} (${last(series)})`
/** The last sample of a run's load time: a subquery, as `last_over_time` forgets when it was. */
const end = `max ${BY} (max_over_time(timestamp(${gauge('llm_load_time')})[$__range:15s]))`
const lengthS = `max ${BY} (${last(gauge('llm_load_time'))})`

/** Every run of the time range, each with a link to the load test at its own time. */
export function runs(mode: Mode) {
  const dashboard = `k6i-load-test${mode === 'native' ? '' : '-trend'}`
  const finished = sum(`${counter('llm_requests')}{measured="true",${JUDGED_OUTCOMES}}`)
  const failed = sum(`${counter('llm_requests')}{measured="true",${FAILED_OUTCOMES}}`)
  return page(mode, {
    uid: 'runs',
    title: 'LLM runs',
    description:
      'The runs of the time range. Click on one to see it at its own time: from its start to its end.',
    variables: [datasource()],
    from: 'now-7d',
    rows: [
      {
        title: 'Runs',
        panels: [
          rows({
            title: 'Runs of the time range',
            description: `By the tag testid. Start: the end less the time under load. ${formula('llm_load_time', 'llm_requests')} Error rate: failed / finished, what the client itself gave up is left out; of the measured phases.`,
            unit: 'short',
            width: 24,
            height: 20,
            targets: [
              { expr: `1000 * (${end} - ${lengthS})`, legend: 'start' },
              { expr: `1000 * ${end}`, legend: 'end' },
              { expr: lengthS, legend: 'length' },
              { expr: finished, legend: 'requests' },
              { expr: `(${failed} or 0 * ${finished}) / (${finished} > 0)`, legend: 'error rate' },
              {
                expr: sum(`${counter('llm_output_tokens')}{measured="true"}`),
                legend: 'output tokens',
              },
            ],
            units: {
              start: 'dateTimeAsIso',
              end: 'dateTimeAsIso',
              length: 's',
              'error rate': 'percentunit',
            },
            links: {
              testid: {
                title: 'Show this run',
                url: `/d/${dashboard}?var-testid=\${__data.fields.testid}&from=\${__data.fields.start}&to=\${__data.fields.end}&var-datasource=\${datasource}`,
              },
            },
          }),
        ],
      },
    ],
  })
}
