import { xmlText } from '../tables/index.ts'
import type { Gate } from './gate.ts'

/** The gate as JUnit XML: one case per tolerance. Unclear ones are skipped unless they fail the gate. */
export function gateJunit(gate: Gate, strict: boolean): string {
  const suite = `k6-inference gate ${gate.comparison.after.join(', ')}`
  const unlike = gate.comparison.differences.filter((d) => d.kind !== 'told')
  const cases = [
    {
      name: 'the runs are comparable',
      failure: unlike.map((d) => d.message).join('; '),
      skipped: '',
    },
    ...gate.cases.map(({ id, status, message }) => {
      const failed = status === 'failed' || (strict && status === 'unclear')
      return {
        name: id,
        failure: failed ? message : '',
        skipped: !failed && status === 'unclear' ? message : '',
      }
    }),
  ]
  const failures = cases.filter((c) => c.failure !== '').length
  const skipped = cases.filter((c) => c.skipped !== '').length
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`
  const lines = cases.map(({ name, failure, skipped: why }) => {
    const open = `    <testcase classname="k6-inference.gate" name="${xmlText(name)}"`
    if (failure !== '') return `${open}><failure message="${xmlText(failure)}"/></testcase>`
    return why === '' ? `${open}/>` : `${open}><skipped message="${xmlText(why)}"/></testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${xmlText(suite)}" ${counts}>`,
    ...lines,
    '  </testsuite>',
    '</testsuites>\n',
  ].join('\n')
}
