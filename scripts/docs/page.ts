import { format } from 'prettier'

/** Widest line of a generated page, so that it is read without scrolling sideways. */
export const PAGE_WIDTH = 120

/** Markdown with its paragraphs and lists wrapped. */
export function wrapped(lines: readonly string[]): Promise<string> {
  return format(lines.join('\n'), {
    parser: 'markdown',
    printWidth: PAGE_WIDTH,
    proseWrap: 'always',
  })
}

/** Said above each page that is made from source. */
export const GENERATED = '_Written by `npm run docs` from the source; change it there._'

/** Text outside of code, with what Markdown would read as markup escaped. */
export function prose(text: string): string {
  return text.replace(/(`[^`]*`)|([*<])/g, (_, code?: string, mark?: string) => code ?? `\\${mark}`)
}
