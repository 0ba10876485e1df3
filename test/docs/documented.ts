import { filesBelow, textOf } from '../support/sources.ts'
import { commandsOf, inlineCommands, shellBlocks, type Command } from './shell.ts'

export const PAGES = ['README.md', ...filesBelow('docs').filter((file) => file.endsWith('.md'))]

export interface Documented {
  page: string
  command: Command
}

/** Every command of README and docs, in the order of the page. */
export const DOCUMENTED: readonly Documented[] = PAGES.flatMap((page) => {
  const text = textOf(page)
  return [...shellBlocks(text), ...inlineCommands(text)].flatMap((script) =>
    commandsOf(script).map((command) => ({ page, command })),
  )
})

/** The program, and its arguments; `npx k6-inference` and a k6 that setup finds are what they stand for. */
export function programOf([first = '', ...rest]: Command): [string, string[]] {
  if (first === 'npx') return [rest[0] ?? '', rest.slice(1)]
  if (/^\$\(npx k6-inference setup --print\)$/.test(first)) return ['k6', rest]
  return [first, rest]
}
