import path from 'node:path'
import { renderShown } from '../../lib/html/index.ts'
import type { ShownPage } from '../../lib/html/index.ts'
import { closingLines, pen, shownMarkdown, shownText } from '../../lib/tables/index.ts'
import type { Closing, Shown } from '../../lib/tables/index.ts'
import { show, UsageError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { pageAssets } from '../page/index.ts'
import { exists, makeFolder, refuseExisting, writeWhole } from './whole.ts'

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
  /** What the HTML page shows besides; asked for only where such a page is written. */
  page?: (() => Promise<Page> | Page) | undefined
}

export interface Page extends Pick<ShownPage, 'beside' | 'phases'> {
  /** Runs that the page links to, with the folder or a file of each. */
  runs?: readonly { name: string; at: string }[] | undefined
}

/** What {@link OUTPUT_OPTIONS} give. */
export interface OutputValues {
  format: string
  out?: string[] | undefined
  force: boolean
}

/** Writes to the terminal and to files, each in its format. @throws InputError, UsageError */
export async function write(
  output: Output,
  values: OutputValues,
  terminal: Terminal,
): Promise<void> {
  const render: Record<string, ((file: string) => string | Promise<string>) | undefined> = {
    text: () => output.shown.map((one) => shownText(one)).join('\n'),
    markdown: () => output.shown.map(shownMarkdown).join('\n'),
    json: () => JSON.stringify(output.data, null, 2) + '\n',
    html: (file) => pageOf(output, file),
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
  } else terminal.out(await toTerminal(''))
  for (const { file, make } of files) {
    await refuseExisting(file, values.force)
    await makeFolder(path.dirname(file))
    await writeWhole(file, await make(file))
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

async function pageOf({ shown, page }: Output, file: string): Promise<string> {
  const { runs = [], ...own } = (await page?.()) ?? {}
  const links = await Promise.all(runs.map(async (run) => linkTo(run, path.dirname(file))))
  const found = links.filter((link) => link !== undefined)
  return renderShown({ shown, ...own, links: found, ...(await pageAssets()) })
}

/** To the report beside a run's files, from the folder of the page; undefined where there is none. */
async function linkTo({ name, at }: { name: string; at: string }, from: string) {
  for (const folder of [at, path.dirname(at)]) {
    const report = path.join(folder, 'report.html')
    if (!(await exists(report))) continue
    const parts = path.relative(from, report).split(path.sep).map(encodeURIComponent)
    return { name, href: parts.join('/') }
  }
  return undefined
}
