import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/**
 * Writes data/prompts/*.jsonl into lib/workload/builtin-data.ts, so that every bundle has them with
 * it. Run it after a change of the sets: `npx tsx scripts/embed-prompts.ts`; a test compares both.
 */
const folder = new URL('../data/prompts/', import.meta.url)
const target = new URL('../lib/workload/datasets/builtin-data.ts', import.meta.url)

const sets = readdirSync(folder)
  .filter((file) => file.endsWith('.jsonl'))
  .sort()
  .map((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    return `  ${file.replace('.jsonl', '')}: () => [\n${text
      .trim()
      .split('\n')
      .map((line) => `    ${JSON.stringify(line)},\n`)
      .join('')}  ].join('\\n'),\n`
  })

writeFileSync(
  target,
  `// Made by scripts/embed-prompts.ts from data/prompts: change it there.
// Functions, so that a bundle that does not use them leaves them out.
// prettier-ignore
export const BUILTIN_DATA = {
${sets.join('')}} as const
`,
)
