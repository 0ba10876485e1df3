import {
  buildReport,
  framed,
  isFramed,
  renderCsv,
  renderJson,
  renderJunit,
  renderMarkdown,
  renderText,
} from '../report/index.ts'
import type { Report } from '../results/index.ts'
import { recordSummary } from './records.ts'
import { runInfo } from './run-info.ts'
import type { PreparedTest, RunData } from './types.ts'

/** By the names that FORMATS accepts. HTML needs the records, which are not complete at this point. */
const OUTPUTS: Readonly<Record<string, { ending: string; render: (report: Report) => string }>> = {
  json: { ending: '.json', render: renderJson },
  md: { ending: '.md', render: renderMarkdown },
  csv: { ending: '.csv', render: renderCsv },
  junit: { ending: '.junit.xml', render: renderJunit },
}

const NO_FIGURES =
  '  no summary: CLOUD_THRESHOLDS=judged keeps its figures out of k6, and they are in k6 Cloud;\n  from RECORDS=on, k6-inference report makes one\n\n'

/**
 * k6's `handleSummary`: the report as text on the terminal, and as files in the results folder where the
 * configuration found one (k6 creates no folders).
 */
export function createHandleSummary(test: PreparedTest): (data: unknown) => Record<string, string> {
  const { config, name } = test

  // k6 kept no figures for a summary, and one that is made without them would say that there was nothing.
  if (config.values.CLOUD_THRESHOLDS === 'judged')
    return () => ({ stdout: framed(NO_FIGURES, __ENV) })

  return function handleSummary(data) {
    const {
      setup_data: run,
      state,
      options,
    } = data as {
      setup_data?: RunData
      state?: { isStdOutTTY?: boolean }
      options?: { noColor?: boolean }
    }
    const report = buildReport({
      summary: data,
      run: runInfo(test, run),
    })
    recordSummary(test, run, report)
    const files: Record<string, string> = {}
    if (config.resultsDir !== undefined) {
      for (const format of config.values.FORMATS) {
        const output = OUTPUTS[format]
        if (output !== undefined) {
          files[`${config.resultsDir}/${name}${output.ending}`] = output.render(report)
        }
      }
      // To be passed as CALIBRATION, so that a later run, or another pod, need not learn it.
      if (run?.calibration !== undefined) {
        files[`${config.resultsDir}/${name}.calibration.json`] = JSON.stringify(run.calibration)
      }
    }
    const color = state?.isStdOutTTY === true && !options?.noColor && !__ENV['NO_COLOR']
    const text = renderText(report, { width: 100, color }, whereText(Object.keys(files), __ENV))
    return { ...files, stdout: framed(text, __ENV) }
  }
}

/**
 * The folder, not each file: only k6's log names those it could not write. It overwrites files without notice, but the
 * command-line program has made the folder for this run.
 */
function whereText(
  files: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const [first] = files
  if (first === undefined) return ''
  const at = first.lastIndexOf('/')
  const names = files.map((file) => file.slice(at + 1)).join(', ')
  const where = `${names} in ${first.slice(0, at)}`
  return isFramed(env) ? where : `${where}, in place of earlier ones`
}
