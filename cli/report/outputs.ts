import path from 'node:path'
import { renderHtml } from '../../lib/html/index.ts'
import {
  renderCsv,
  renderJson,
  renderJunit,
  renderMarkdown,
  renderText,
} from '../../lib/report/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import { UsageError } from '../command.ts'
import { makeFolder, refuseExisting, writeWhole } from '../output/index.ts'
import type { ReadOptions } from '../run-folder/index.ts'
import { pageAssets } from '../page/index.ts'

type Render = (run: Run) => string | Promise<string>

/** The parts of a run that reports show. */
export const FOR_REPORT: ReadOptions = { requests: false, detail: true }

/** Formats by name, each with its file ending. */
export const FORMATS: Record<string, { ending: string; render: Render }> = {
  html: {
    ending: '.html',
    render: async ({ report, detail, head }) =>
      renderHtml({ report, detail, plan: head?.plan, ...(await pageAssets()) }),
  },
  json: { ending: '.json', render: ({ report }) => renderJson(report) },
  md: { ending: '.md', render: ({ report }) => renderMarkdown(report) },
  csv: { ending: '.csv', render: ({ report }) => renderCsv(report) },
  junit: { ending: '.junit.xml', render: ({ report }) => renderJunit(report) },
  text: {
    ending: '.txt',
    render: ({ report }) => renderText(report, { width: 100, color: false }),
  },
}

/** @throws UsageError for an unknown format */
export function parseFormats(list: string): string[] {
  const names = list.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !Object.hasOwn(FORMATS, name))
  if (unknown.length > 0) {
    throw new UsageError(
      `--formats: no format ${unknown.map((name) => JSON.stringify(name)).join(', ')}; there are ${Object.keys(FORMATS).join(', ')}`,
    )
  }
  return [...new Set(names)]
}

/**
 * Writes a run in several formats as `BASE.html`, `BASE.csv`, … Without `force`, writes nothing if any
 * of them exists.
 * @returns the files written
 * @throws InputError when a file exists or cannot be written
 */
export async function writeOutputs(
  run: Run,
  base: string,
  formats: readonly string[],
  force: boolean,
): Promise<string[]> {
  const wanted = formats.map((name) => {
    const { ending, render } = FORMATS[name] as (typeof FORMATS)[string]
    return { file: base + ending, render }
  })
  for (const { file } of wanted) await refuseExisting(file, force)
  await makeFolder(path.dirname(base))
  for (const { file, render } of wanted) await writeWhole(file, await render(run))
  return wanted.map(({ file }) => file)
}
