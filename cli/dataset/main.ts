import { parseArgs } from '../arguments.ts'
import { datasetParser, type DatasetRow } from '../../lib/workload/index.ts'
import { guarded, InputError, TERMINAL, UsageError, type Terminal } from '../command.ts'
import { outputFile, pieces, writeLines } from '../data-files/index.ts'

const HELP = `Converts prompts of any known form into JSON lines for DATASET.

  k6-inference dataset convert FILE [--out FILE]

FILE may be Parquet, JSON lines, a JSON array, CSV or TSV, and .gz of these but Parquet; - is standard
input. The fields are those of docs/data.md: chat logs, ShareGPT, Alpaca, Dolly, RAG, OpenAI batches …
Each row becomes {"id", "messages", "max_tokens", "expected", "app", "tools"}, with what it has. A
file with a row that cannot be read is refused with its line.

  --out FILE, -o     write there instead of to standard output; never replaces the input
  --force            replace FILE if it exists

Example:
  k6-inference dataset convert train-00000-of-00001.parquet --out prompts.jsonl
`

/**
 * `k6-inference dataset …`.
 * @param argv what comes after `dataset`
 * @returns the exit code
 */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded(
    'dataset',
    async () => {
      const { values, positionals } = parseArgs({
        args: [...argv],
        allowPositionals: true,
        options: {
          out: { type: 'string', short: 'o' },
          force: { type: 'boolean', default: false },
          help: { type: 'boolean', short: 'h', default: false },
        },
      })
      if (values.help) {
        terminal.out(HELP)
        return 0
      }
      const [command, file, ...more] = positionals
      if (command !== 'convert' || file === undefined || more.length > 0)
        throw new UsageError(
          `got ${JSON.stringify(positionals.join(' '))}; accepted: convert and one FILE`,
        )
      const target = await outputFile(values.out, file, values.force)
      const rows = await readDataset(file)
      await writeLines(target, rows.map(lineOf), terminal.out)
      terminal.note(`${rows.length} prompts written\n`)
      return 0
    },
    terminal,
  )
}

async function readDataset(file: string): Promise<DatasetRow[]> {
  const parser = datasetParser(file)
  for await (const piece of pieces(file)) parser.feed(piece)
  const { rows, problems } = parser.end()
  if (problems.length > 0) throw new InputError(problems.join('\n'))
  return rows
}

/** A row as DATASET reads it, with the line end. */
function lineOf({ id, messages, maxTokens, expected, app, tools }: DatasetRow): string {
  return `${JSON.stringify({ id, messages, max_tokens: maxTokens, expected, app, tools })}\n`
}
