import path from 'node:path'
import { closingLines, pen, shownHtml, shownMarkdown, shownText } from '../../lib/tables/index.ts'
import type { Closing, Shown } from '../../lib/tables/index.ts'
import { show, UsageError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { makeFolder, refuseExisting, writeWhole } from './whole.ts'

/** Options shared by all commands that show tables. */
export const OUTPUT_OPTIONS = {
  format: { type: 'string', default: 'text' },
  out: { type: 'string', short: 'o', multiple: true },
  force: { type: 'boolean', default: false },
} as const

export const OUTPUT_HELP = `  --format text|markdown|json   format on the terminal (text)
  -o, --out FILE                also write FILE, in the format of its ending: .txt .md .json .html
                                (.xml for gates); may be repeated
  --force                       overwrite files that exist`

export interface Output {
  shown: readonly Shown[]
  /** Contents of the JSON file. */
  data: unknown
  junit?: string | undefined
  /** What stands last on the terminal, without the files that are written. */
  closing?: Closing | undefined
  /** SVG figures for the HTML page. */
  figures?: readonly string[] | undefined
}

/** Writes to the terminal and to files, each in its format. @throws InputError, UsageError */
export async function write(
  output: Output,
  values: { format: string; out?: string[] | undefined; force: boolean },
  terminal: Terminal,
): Promise<void> {
  const render: Record<string, (() => string) | undefined> = {
    text: () => output.shown.map((one) => shownText(one)).join('\n'),
    markdown: () => output.shown.map(shownMarkdown).join('\n'),
    json: () => JSON.stringify(output.data, null, 2) + '\n',
    html: () => shownHtml(output.shown, output.figures),
    junit: output.junit === undefined ? undefined : () => output.junit as string,
  }
  const ENDINGS: Record<string, string> = {
    '.txt': 'text',
    '.md': 'markdown',
    '.json': 'json',
    '.html': 'html',
    '.xml': 'junit',
  }
  const files = (values.out ?? []).map((file) => {
    const make = render[ENDINGS[path.extname(file)] ?? '']
    if (make === undefined)
      throw new UsageError(
        `--out ${file}: the ending chooses the format; accepted: .txt, .md, .json, .html${output.junit === undefined ? '' : ', .xml'}`,
      )
    return { file, make }
  })
  const toTerminal = ['text', 'markdown', 'json'].includes(values.format)
    ? render[values.format]
    : undefined
  if (toTerminal === undefined)
    throw new UsageError(`--format ${values.format}: accepted: text, markdown, json`)
  const { closing } = output
  const closes = closing !== undefined && values.format === 'text'
  if (values.format === 'text') {
    const titles = !closes || output.shown.length > 1
    show(terminal, ({ width, color }) => {
      const p = terminal.screen === undefined ? undefined : pen(width, color)
      return output.shown.map((one) => shownText(one, p, titles)).join('\n')
    })
  } else terminal.out(toTerminal())
  for (const { file, make } of files) {
    await refuseExisting(file, values.force)
    await makeFolder(path.dirname(file))
    await writeWhole(file, make())
    if (!closes) terminal.note(`wrote ${file}\n`)
  }
  if (!closes) return
  const { rows, ...head } = closing
  const where = ['report', [files.map(({ file }) => file).join(', ')]] as const
  show(
    terminal,
    ({ width, color }) =>
      `\n${closingLines({ ...head, rows: [...rows, where] }, pen(width, color)).join('\n')}\n\n`,
  )
}
