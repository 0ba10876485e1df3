import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from '../arguments.ts'
import { guarded, TERMINAL, UsageError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { k6OnPath, scriptParts } from '../k6-process/index.ts'
import { makeFolder, refuseExisting, writeWhole } from '../output/index.ts'

const HELP = `Writes a script of your own, which k6 runs as it is: there is no bundler, and nothing to install.

  k6-inference init [FILE.ts] [--force]

  FILE.ts   the script (default my-test.ts); beside it come k6-inference.js, the whole library, and
            k6-inference.d.ts, its types for editors
  --force   replace files that exist

\`k6 new --template node_modules/k6-inference/dist/script/template.ts my-test.ts\` writes the same script.
`

/** The name that the template has where a script's own belongs. */
const TEMPLATE_NAME = 'my-test'

/** `k6-inference init`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded('init', () => init(argv, terminal), terminal)
}

async function init(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    terminal.out(HELP)
    return 0
  }
  const [script = `${TEMPLATE_NAME}.ts`, ...more] = positionals
  const name = path.basename(script, '.ts')
  if (more.length > 0 || !script.endsWith('.ts') || !/^[\w.-]+$/.test(name)) {
    throw new UsageError(
      `one file is written, named by letters, digits, ".", "_", "-", and ending in .ts; got ${JSON.stringify(positionals.join(' '))}`,
    )
  }
  const parts = await scriptParts()
  const files = new Map([
    [script, (await readFile(parts.template, 'utf8')).replaceAll(TEMPLATE_NAME, name)],
  ])
  for (const part of [parts.library, parts.types])
    files.set(path.join(path.dirname(script), path.basename(part)), await readFile(part, 'utf8'))
  await writeAll(files, values.force)
  for (const file of files.keys()) terminal.out(`${file}\n`)
  terminal.note(next(script))
  return 0
}

/** Writes all files or none. A library that is already there, word for word, is no reason to stop. */
async function writeAll(files: ReadonlyMap<string, string>, force: boolean): Promise<void> {
  for (const [file, text] of files) {
    if ((await readFile(file, 'utf8').catch(() => undefined)) !== text)
      await refuseExisting(file, force)
  }
  for (const [file, text] of files) {
    await makeFolder(path.dirname(file))
    await writeWhole(file, text)
  }
}

/** What to type next: only what this machine's shell finds. */
function next(script: string): string {
  const direct = k6OnPath()
    ? `  k6 run -e BASE_URL=http://localhost:8000/v1 ${script}\n`
    : `  "$(npx k6-inference setup --print)" run -e BASE_URL=http://localhost:8000/v1 ${script}\n`
  return `
k6 runs it as it is; k6-inference run also keeps records and reports:

${direct}  npx k6-inference run ${script} --url http://localhost:8000/v1
`
}
