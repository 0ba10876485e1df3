import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { createRecordReader } from '../../lib/records/index.ts'
import { createSummarizer } from '../../lib/runs/index.ts'
import { renderJson, renderText } from '../../lib/report/index.ts'
import { guarded, InputError, TERMINAL, UsageError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { filesOf, loadReport } from './files.ts'
import { createPodsCheck, type PodsSummary } from './pods.ts'
import { mergedReport, wholeRun } from './report.ts'

const HELP = `Makes one result of the pods that shared a run (k6-operator, or k6 with --execution-segment).

  k6-inference merge --out DIR POD...

POD is a folder with a pod's records (.jsonl) and results (.json), a .jsonl file, or a pod's log
(RECORDS=on, \`kubectl logs\`). Percentiles are computed of all pods' requests, never averaged.
Writes DIR/SCENARIO.json and DIR/SCENARIO.records.jsonl.

  --pods N   how many pods there were; fewer are an error
`

const SHOWN_PROBLEMS = 10

/** `k6-inference merge`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded('merge', () => merge(argv, terminal), terminal)
}

async function merge(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      out: { type: 'string', short: 'o' },
      pods: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    terminal.out(HELP)
    return 0
  }
  const { out } = values
  if (out === undefined) throw new UsageError('--out DIR is wanted')
  if (positionals.length === 0) throw new UsageError('name the pods’ folders or records')
  const wanted = values.pods === undefined ? undefined : Number(values.pods)
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted > 0)) {
    throw new UsageError(`--pods ${values.pods}: a whole number of at least 1`)
  }
  const files = await filesOf(positionals)
  await mkdir(out, { recursive: true })
  const partial = path.join(out, `.merge-${process.pid}.partial`)
  try {
    const { found, summary } = await join(files.records, partial)
    const { run } = found
    if (run === undefined)
      throw new InputError('no line says what the run is (RECORDS=on writes it)')
    if (wanted !== undefined && found.pods !== wanted) {
      throw new InputError(`found records of ${found.pods} pods of ${wanted}`)
    }
    if (found.problems.length > 0) throw new InputError(found.problems.join('\n'))
    const own = await Promise.all(files.results.map(loadReport))
    const notes = [
      {
        type: 'merged',
        message: `merged of ${found.pods} pods, whose loads began within ${Math.round(found.skewMs)} ms by their own clocks`,
      },
      ...found.warnings.map((message) => ({ type: 'pods', message })),
    ]
    const report = mergedReport(summary, run, own, found.pods, notes)
    const { scenario } = run.run
    await writeFile(path.join(out, `${scenario}.json`), renderJson(report))
    await rename(partial, path.join(out, `${scenario}.records.jsonl`))
    terminal.out(renderText(report, { width: 100, color: false }))
    terminal.note(
      `${found.requests} requests of ${found.pods} pods: ${path.join(out, scenario)}.json\n`,
    )
    return 0
  } finally {
    await rm(partial, { force: true })
  }
}

/** One pass over all files: checks them, writes them into one, and collects the figures. */
async function join(
  files: readonly string[],
  target: string,
): Promise<{ found: PodsSummary; summary: unknown }> {
  const pods = createPodsCheck()
  const output = createWriteStream(target)
  let summarizer: ReturnType<typeof createSummarizer> | undefined
  const problems: string[] = []
  let pending: string[] = []
  for (const file of files) {
    let begun = false
    const reader = createRecordReader({
      onRun(record) {
        pods.addRun(record, file)
        if (summarizer === undefined) {
          summarizer = createSummarizer(record.run)
          pending.push(JSON.stringify(wholeRun(record)))
        }
        begun = true
      },
      onRequest(record, line) {
        if (!begun)
          problems.push(`${file}:${line}: a request before the line that says what the run is`)
        else if (pods.addRequest(record, file)) {
          summarizer!.add(record)
          pending.push(JSON.stringify(record))
        }
      },
      onServer: (record) => void pending.push(JSON.stringify(record)),
      onProblem: ({ line, message }) => void problems.push(`${file}:${line}: ${message}`),
    })
    for await (const text of createReadStream(file, 'utf8')) {
      reader.feed(text as string)
      const lines = pending.map((line) => `${line}\n`).join('')
      pending = []
      if (!output.write(lines))
        await new Promise<void>((done) => output.once('drain', () => done()))
      // Figures of a part would pass for those of the whole.
      if (problems.length >= SHOWN_PROBLEMS) break
    }
    reader.end()
  }
  output.end(pending.map((line) => `${line}\n`).join(''))
  await finished(output)
  if (problems.length > 0) throw new InputError(problems.join('\n'))
  return { found: pods.result(), summary: summarizer?.summary() }
}
