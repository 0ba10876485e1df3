import { xmlText } from '../../tables/index.ts'
import { moreText, sloFigure } from './limit-text.ts'
import { asMeasured, leftOpen } from '../verdict.ts'
import { sloLimit } from './tables.ts'
import type { Report, SloVerdict } from '../../results/index.ts'

interface Case {
  group: string
  name: string
  /** Undefined when it passed. */
  not?: { as: 'failure' | 'error' | 'skipped'; message: string } | undefined
}

/**
 * The verdicts as JUnit XML, which CI systems show as tests: one case for the run, and one for each limit
 * of the SLO and each threshold and check of the script's own. A missed limit is a failure. A run that
 * could not be judged is one error, which no CI takes for a pass, and the limits that it left open are
 * skipped. A run without limits, or with undecided ones, passes and fails nothing: its case is skipped.
 */
export function renderJunit(report: Report): string {
  const { run, verdict } = report
  const cases = casesOf(report)
  const all = (as: string) => cases.filter((c) => c.not?.as === as).length
  const seconds = run.durationMs === null ? '' : ` time="${(run.durationMs / 1000).toFixed(3)}"`
  const stamp = run.startedAt === null ? '' : ` timestamp="${xmlText(run.startedAt)}"`
  const counts = `tests="${cases.length}" failures="${all('failure')}" errors="${all('error')}" skipped="${all('skipped')}"`
  const suite = `name="${xmlText(`k6-inference ${run.scenario}`)}" ${counts}${seconds}${stamp}`
  const out = [verdict.headline, ...verdict.reasons, ...report.warnings.map((w) => w.message)]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite ${suite}>`,
    ...cases.map((c) => caseLine(run.scenario, c)),
    `    <system-out>${xmlText(out.join('\n'))}</system-out>`,
    '  </testsuite>',
    '</testsuites>\n',
  ].join('\n')
}

function caseLine(scenario: string, { group, name, not }: Case): string {
  const open = `    <testcase classname="${xmlText(`${scenario}.${group}`)}" name="${xmlText(name)}"`
  if (not === undefined) return `${open}/>`
  return `${open}>\n      <${not.as} message="${xmlText(not.message)}"/>\n    </testcase>`
}

function casesOf(report: Report): Case[] {
  const { own } = report
  if (report.verdict.status === 'no_load') return [runCase(report)]
  return [
    runCase(report),
    ...report.slo.map((v) => ({
      group: 'slo',
      name: `${v.title} ${sloLimit(v)}`,
      not: limitProblem(v, report),
    })),
    ...own.thresholds.map((t): Case => {
      const name = `${t.metric}: ${t.expression}`
      if (t.ok === true) return { group: 'thresholds', name }
      const not =
        t.ok === false
          ? ({ as: 'failure', message: 'the threshold failed' } as const)
          : ({ as: 'skipped', message: 'k6 did not say whether it was kept' } as const)
      return { group: 'thresholds', name, not }
    }),
    ...own.checks.map((c): Case => {
      const name = c.group === '' ? c.name : `${c.group} › ${c.name}`
      if (c.fails === 0) return { group: 'checks', name }
      const message = `${c.fails} of ${c.passes + c.fails} failed`
      return { group: 'checks', name, not: { as: 'failure', message } }
    }),
  ]
}

/** Whether there is a verdict at all. */
function runCase({ verdict: { status, headline, reasons } }: Report): Case {
  const base = { group: 'run', name: 'was judged' }
  if (status === 'passed' || status === 'failed') return base
  const as = status === 'no_limits' || status === 'undecided' ? 'skipped' : 'error'
  return { ...base, not: { as, message: [headline, ...reasons].join('; ') } }
}

/** Undecided limits fail with STRICT, and where k6's exit code does: no CI should see both. */
function limitProblem(v: SloVerdict, { certainty, verdict, measured }: Report): Case['not'] {
  if (v.verdict === 'kept') return undefined
  const is = `${v.title} is ${sloFigure(v)}, limit ${sloLimit(v)}`
  if (v.verdict === 'missed') return { as: 'failure', message: is }
  if (v.verdict === 'unclear') return { as: 'skipped', message: `${is}: ${v.note}` }
  if (v.verdict === 'no_value') return { as: 'skipped', message: `${v.title} has no value` }
  const fails = certainty?.strict === true ? leftOpen(v) : !asMeasured(v)
  const message = `${is}: undecided, ${moreText(v.more, measured.lengthMs)} would decide it`
  // A run that was not judged fails by its own case alone.
  const as = fails && verdict.status !== 'unclear' ? 'failure' : 'skipped'
  return { as, message }
}
