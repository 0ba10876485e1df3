import {
  isPackedTrace,
  lineSplitter,
  packedElements,
  traceParser,
  unpackTrace,
  describeProblems,
  type ParseOptions,
  type Trace,
  type TraceReport,
} from '../../lib/traces/index.ts'
import { InputError } from '../command.ts'
import { pieces } from '../data-files/index.ts'

/** 1.6 GB of columns, which Node has room for; k6, which gets what was cut, has a lower limit. */
const MOST_ROWS = 100_000_000

/**
 * Reads a trace of any known format, or a packed one, piece by piece: memory holds the columns.
 * @throws InputError naming the lines that are wrong
 */
export async function readTrace(
  path: string,
  options: ParseOptions,
): Promise<{ trace: Trace; report: TraceReport | undefined }> {
  const parser = traceParser({ maxRows: MOST_ROWS, ...options })
  const packed: string[] = []
  const lines = lineSplitter(
    (line) => packed.push(line),
    (line) => {
      throw new InputError(`${path}: line ${line} is too long for a packed trace`)
    },
  )
  let isPacked: boolean | undefined
  for await (const piece of pieces(path)) {
    isPacked ??= isPackedTrace(piece)
    if (isPacked) lines.feed(piece)
    else parser.feed(piece)
  }
  if (isPacked === true) {
    lines.end()
    try {
      return { trace: unpackTrace(packedElements(packed.join('\n'))), report: undefined }
    } catch (error) {
      throw new InputError(`${path}: ${(error as Error).message}`)
    }
  }
  const result = parser.end()
  if (!result.ok) {
    const { badRows, rows, problemCounts } = result.report
    const [first, second] = result.problems
    if (first !== undefined && second !== undefined && rows === 0) {
      const only = describeProblems([first], {})
      throw new InputError(`${path}: is no trace: ${only}, and so on: no row can be read`)
    }
    const text = describeProblems(result.problems, problemCounts)
    const mend =
      badRows > 0 && rows > 0 && options.badRows !== 'skip'
        ? `\n--skip-bad-rows leaves such rows out (${badRows} of ${badRows + rows})`
        : ''
    throw new InputError(`${path}: ${text.replaceAll('\n', `\n${path}: `)}${mend}`)
  }
  return { trace: result.trace, report: result.report }
}
