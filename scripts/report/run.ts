import { createDetail, createSummarizer } from '../../lib/records/index.ts'
import type { Detail, RunRecord } from '../../lib/records/index.ts'
import { buildReport } from '../../lib/report/index.ts'
import type { Report, RunInfo } from '../../lib/report/index.ts'
import { InputError } from '../cli/command.ts'
import { loadRecords, loadResults } from './input.ts'
import type { Inputs } from './input.ts'

export interface LoadedRun {
  report: Report
  detail: Detail | undefined
  plan: RunRecord['run']['plan'] | undefined
  /** What the reader should know of the inputs. */
  notes: string[]
}

/**
 * A run from its files: figures from the results file, courses and single requests from the
 * records. Without a results file the figures too are computed of the records.
 * @throws InputError that begins with a file's name (and line)
 */
export async function loadRun(inputs: Inputs, skipBad = false): Promise<LoadedRun> {
  const notes: string[] = []
  const results = inputs.results === undefined ? undefined : await loadResults(inputs.results)
  let run: RunRecord | undefined
  let collector: ReturnType<typeof createDetail> | undefined
  let summarizer: ReturnType<typeof createSummarizer> | undefined
  for (const file of inputs.records) {
    const begin = (record: RunRecord) => {
      if (run === undefined) {
        run = record
        collector = createDetail(record.run)
        if (results === undefined) summarizer = createSummarizer(record.run)
      } else if (record.run.scenario !== run.run.scenario) {
        notes.push(`${file} is of another scenario (${record.run.scenario})`)
      }
    }
    let early = 0
    const { totals, problems } = await loadRecords(
      file,
      {
        onRun: begin,
        onRequest(record, line) {
          if (collector === undefined) early ||= line
          else {
            collector.add(record)
            summarizer?.add(record)
          }
        },
        onServer: (record) => collector?.addServer(record),
      },
      skipBad,
    )
    if (early > 0) {
      throw new InputError(
        `${file}:${early}: a request before the line that says what the run is (\`"record":"run"\`, the first line that RECORDS=on writes)`,
      )
    }
    for (const { line, message } of problems) notes.push(`${file}:${line}: left out: ${message}`)
    if (totals.problems > problems.length) {
      notes.push(`${file}: left out ${totals.problems - problems.length} more lines`)
    }
    if (totals.foreign > 0) {
      notes.push(
        `${file}: ${totals.foreign} lines are no records but other messages, the first in line ${totals.firstForeign}`,
      )
    }
  }
  const detail = collector?.detail()
  const plan = (run as RunRecord | undefined)?.run.plan
  if (results !== undefined) {
    const finished = results.total.finished
    if (detail !== undefined && finished !== null && detail.requests !== finished) {
      notes.push(
        `the results count ${finished} finished requests, the records hold ${detail.requests}: are they of one run?`,
      )
    }
    return { report: results, detail, plan, notes }
  }
  if (summarizer === undefined || run === undefined) {
    throw new InputError(`${inputs.records.join(', ')}: no line says what the run is`)
  }
  return { report: fromRecords(summarizer.summary(), run), detail, plan, notes }
}

/** What records cannot know has no value: requests cut off by the end, and those never sent. */
function fromRecords(summary: unknown, { run, startedAt }: RunRecord): Report {
  const info = { ...run, startedAt } as unknown as RunInfo
  const report = buildReport({ summary, run: info })
  const bare = <S extends Report['total']>(scope: S): S => ({ ...scope, dropped: null })
  return {
    ...report,
    measured: bare(report.measured),
    total: bare(report.total),
    phases: report.phases.map(bare),
    droppedIterations: null,
    inFlightAtEnd: null,
    warnings: [
      ...report.warnings,
      {
        type: 'from_records',
        message:
          'figures were computed of the request records alone: requests that the end of the run cut off, those never sent, and own checks and metrics are not in them',
      },
    ],
  }
}
