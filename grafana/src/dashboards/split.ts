import { formula } from '../layout.ts'
import type { Row } from '../layout.ts'
import { CHOSEN, resolution, since } from '../modes.ts'
import type { Mode } from '../modes.ts'
import { lines, rows } from '../panels.ts'
import { percentile, perSecond, total, wholePercentile } from '../queries.ts'

/** The same figures by a label of one's choice. */
export function splitRow(mode: Mode): Row {
  const legend = '{{$by}}'
  return {
    title: 'Split by $by',
    panels: [
      lines({
        title: `TTFT p$quantile by $by${since(mode)}`,
        description: `${formula('llm_ttft')}\n\n${resolution(mode)}`,
        unit: 's',
        targets: [{ expr: percentile(mode, 'llm_ttft', CHOSEN, { by: '$by' }), legend }],
      }),
      lines({
        title: `TPOT p$quantile by $by${since(mode)}`,
        description: `${formula('llm_tpot')}\n\n${resolution(mode)}`,
        unit: 's',
        targets: [{ expr: percentile(mode, 'llm_tpot', CHOSEN, { by: '$by' }), legend }],
      }),
      lines({
        title: 'Output tokens per second by $by',
        description: formula('llm_output_tokens'),
        unit: 'short',
        stacked: true,
        targets: [{ expr: perSecond('llm_output_tokens', { by: '$by' }), legend }],
      }),
      rows({
        title: 'Figures by $by',
        description: `Over the dashboard's time range. ${formula('llm_requests', 'llm_ttft', 'llm_tpot')} ${resolution(mode)}`,
        unit: 'short',
        width: 24,
        targets: [
          { expr: total('llm_requests', { by: '$by' }), legend: 'requests' },
          { expr: total('llm_output_tokens', { by: '$by' }), legend: 'output tokens' },
          {
            expr: `1000 * ${wholePercentile(mode, 'llm_ttft', 0.5, { by: '$by' })}`,
            legend: 'TTFT p50, ms',
          },
          {
            expr: `1000 * ${wholePercentile(mode, 'llm_ttft', 0.95, { by: '$by' })}`,
            legend: 'TTFT p95, ms',
          },
          {
            expr: `1000 * ${wholePercentile(mode, 'llm_tpot', 0.95, { by: '$by' })}`,
            legend: 'TPOT p95, ms',
          },
        ],
      }),
    ],
  }
}
