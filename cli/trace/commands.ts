import { changeTrace, packTrace, traceLines } from '../../lib/traces/index.ts'
import { InputError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { outputFile, pieces, writeLines } from '../data-files/index.ts'
import { readTrace } from './files.ts'
import { fitArguments, fitTrace } from './fit.ts'
import { fromLog, noCounts } from './from-log.ts'
import { figure, inspectText, notesOf } from './inspect.ts'
import {
  CHANGE_OPTIONS,
  changeOptions,
  parseCommand,
  READ_OPTIONS,
  readOptions,
  valueReader,
} from './options.ts'
import { statisticsOf } from './statistics.ts'

type Command = (argv: readonly string[], output: Terminal) => Promise<void>

export const inspect: Command = async (argv, { out }) => {
  const { values, files } = parseCommand(argv, { ...READ_OPTIONS, json: { type: 'boolean' } })
  const reader = valueReader(values)
  const options = readOptions(reader, values)
  const file = oneFile(files, reader.problem)
  reader.check()
  const { trace, report } = await readTrace(file, options)
  if (values['json'] === true) {
    const notes = notesOf(trace, report)
    const figures = { format: trace.format, ...statisticsOf(trace, 60_000), notes }
    out(`${JSON.stringify(figures, null, 2)}\n`)
  } else {
    out(inspectText(trace, report))
  }
}

export const convert: Command = async (argv, { out, note }) => {
  const { values, files } = parseCommand(argv, {
    ...READ_OPTIONS,
    ...CHANGE_OPTIONS,
    to: { type: 'string' },
    out: { type: 'string', short: 'o' },
    force: { type: 'boolean' },
  })
  const reader = valueReader(values)
  const { given } = reader
  const options = readOptions(reader, values)
  const changes = changeOptions(reader)
  const to = reader.oneOf('to', ['csv', 'packed']) ?? 'csv'
  const file = oneFile(files, reader.problem)
  reader.check()
  const target = await outputFile(given('out'), file, values['force'] === true)
  const { trace, report } = await readTrace(file, options)
  const { trace: changed, done } = changeTrace(trace, changes)
  if (changed.rows === 0) {
    const endMs = trace.atMs[trace.rows - 1] ?? 0
    throw new InputError(
      `no request is left of ${trace.rows}; the trace is ${figure(endMs)} ms long`,
    )
  }
  const lines =
    to === 'csv' ? traceLines(changed) : packTrace(changed).map((element) => `${element}\n`)
  await writeLines(target, lines, out)
  for (const text of notesOf(trace, report)) note(`note: ${text}\n`)
  const { input, output, whole, raised } = done.clipped
  note(
    `${changed.rows} of ${trace.rows} requests written` +
      (done.fromMs > 0 ? `, from ${figure(done.fromMs / 1000)} s on` : '') +
      (input + output > 0 ? `; cut: ${input} inputs, ${output} outputs` : '') +
      (whole > 0 ? `; prompts longer than the limits, kept whole: ${whole}` : '') +
      (raised > 0 ? `; raised to 1 token: ${raised}` : '') +
      '\n',
  )
}

export const fromLogCommand: Command = async (argv, { out, note }) => {
  const text = { type: 'string' } as const
  const { values, files } = parseCommand(argv, {
    time: text,
    input: text,
    output: text,
    session: text,
    app: text,
    prompt: text,
    prompts: text,
    duration: text,
    'duration-unit': text,
    'time-unit': text,
    out: { type: 'string', short: 'o' },
    force: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  const reader = valueReader(values)
  const { given } = reader
  const prompts = reader.oneOf('prompts', ['drop', 'hash', 'keep']) ?? 'drop'
  if (prompts !== 'drop' && given('prompt') === undefined) {
    reader.problem(`--prompts ${prompts} needs --prompt FIELD`)
  }
  const timeUnit = reader.oneOf('time-unit', ['s', 'ms', 'us', 'ns'])
  const durationUnit = reader.oneOf('duration-unit', ['ms', 's']) ?? 'ms'
  const file = oneFile(files, reader.problem)
  reader.check()
  const target = await outputFile(given('out'), file, values['force'] === true)
  const fields = {
    time: given('time'),
    input: given('input'),
    output: given('output'),
    session: given('session'),
    app: given('app'),
    prompt: given('prompt'),
    duration: given('duration'),
  }
  const counts = noCounts()
  const lines = fromLog(pieces(file), { fields, prompts, timeUnit, durationUnit }, counts)
  await writeLines(target, lines, out)
  if (counts.addedInputs.length > 0) {
    note(`note: input counts ${counts.addedInputs.join(' and ')} too, where a row has them\n`)
  }
  if (counts.around > 0) note(`note: ${counts.around} spans of agents and tools are no requests\n`)
  note(`${counts.written} requests written, ${counts.skipped} rows skipped\n`)
  for (const { line, message } of counts.problems) note(`  line ${line}: ${message}\n`)
}

export const fit: Command = async (argv, { out, note }) => {
  const { values, files } = parseCommand(argv, { ...READ_OPTIONS, json: { type: 'boolean' } })
  const reader = valueReader(values)
  const options = readOptions(reader, values)
  const file = oneFile(files, reader.problem)
  reader.check()
  const { trace } = await readTrace(file, { ...options, prompts: false, prefixIds: false })
  let fitted
  try {
    fitted = fitTrace(trace)
  } catch (error) {
    throw new InputError((error as Error).message)
  }
  if (values['json'] === true) {
    out(`${JSON.stringify(fitted, null, 2)}\n`)
    return
  }
  out(`${fitArguments(fitted)}\n`)
  for (const text of fitted.notes) note(`note: ${text}\n`)
  const [input, output] = [fitted.inputTokens.distance, fitted.outputTokens.distance]
  note(
    `distance of cumulative shares (0 = equal): input ${figure(input)}, output ${figure(output)}\n`,
  )
}

function oneFile(files: readonly string[], problem: (text: string) => void): string {
  if (files.length !== 1) problem(`one FILE is needed, ${files.length} are given`)
  return files[0] ?? ''
}

export const COMMANDS: Record<string, Command> = {
  inspect,
  convert,
  cut: convert,
  'from-log': fromLogCommand,
  fit,
}
