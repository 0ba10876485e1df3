import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/**
 * Writes data/prompts/*.jsonl into lib/workload/builtin-data.ts, so that every bundle contains them.
 * Run it after changing the sets: `npx tsx scripts/embed-prompts.ts`. A test compares both.
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
// Functions, so that a bundle that does not use a set leaves it out.
// prettier-ignore
export const BUILTIN_DATA = {
${sets.join('')}} as const
`,
)
