import { xmlText } from '../../tables/index.ts'
import { sloLimit, sloValue } from './tables.ts'
import type { Report } from '../../results/index.ts'

interface Case {
  group: string
  name: string
  /** Undefined when it passed. */
  failure?: string | undefined
}

/**
 * The verdicts as JUnit XML, which CI systems show as tests: a case for each limit of the SLO, for
 * each threshold and check of the user's own. A limit without a value fails, as nothing was proven.
 */
export function renderJunit(report: Report): string {
  const { run, verdict } = report
  const cases = casesOf(report)
  const failures = cases.filter((c) => c.failure !== undefined).length
  const seconds = run.durationMs === null ? '' : ` time="${(run.durationMs / 1000).toFixed(3)}"`
  const stamp = run.startedAt === null ? '' : ` timestamp="${xmlText(run.startedAt)}"`
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0"`
  const suite = `name="${xmlText(`k6-inference ${run.scenario}`)}" ${counts}${seconds}${stamp}`
  const lines = cases.map(({ group, name, failure }) => {
    const open = `    <testcase classname="${xmlText(`${run.scenario}.${group}`)}" name="${xmlText(name)}"`
    if (failure === undefined) return `${open}/>`
    return `${open}>\n      <failure message="${xmlText(failure)}"/>\n    </testcase>`
  })
  const out = [verdict.headline, ...verdict.reasons, ...report.warnings.map((w) => w.message)]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite ${suite}>`,
    ...lines,
    `    <system-out>${xmlText(out.join('\n'))}</system-out>`,
    '  </testsuite>',
    '</testsuites>\n',
  ].join('\n')
}

function casesOf(report: Report): Case[] {
  const { verdict, own } = report
  if (verdict.status === 'no_load') {
    return [{ group: 'run', name: 'load was sent', failure: verdict.reasons.join('; ') }]
  }
  const stopped: Case[] =
    report.run.aborted === null
      ? []
      : [{ group: 'run', name: 'ran to its end', failure: report.run.aborted.reason }]
  return [
    ...stopped,
    ...report.slo.map((v) => ({
      group: 'slo',
      name: `${v.title} ${sloLimit(v)}`,
      failure:
        v.verdict === 'kept'
          ? undefined
          : v.verdict === 'missed'
            ? `${v.title} is ${sloValue(v)}, limit ${sloLimit(v)}`
            : `${v.title} has no value`,
    })),
    ...own.thresholds.map((t) => ({
      group: 'thresholds',
      name: `${t.metric}: ${t.expression}`,
      failure: t.ok === false ? 'the threshold failed' : undefined,
    })),
    ...own.checks.map((c) => ({
      group: 'checks',
      name: c.group === '' ? c.name : `${c.group} › ${c.name}`,
      failure: c.fails > 0 ? `${c.fails} of ${c.passes + c.fails} failed` : undefined,
    })),
  ]
}
