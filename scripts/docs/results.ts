import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { TRUST } from '../../lib/metrics/index.ts'
import type { TrustLimit } from '../../lib/metrics/index.ts'
import { resultsJsonSchema } from '../../lib/results/index.ts'
import { percent } from '../../lib/tables/index.ts'
import { behaviourRows } from './behaviours.ts'
import { prose, wrapped } from './page.ts'

const FILE = new URL('../../docs/results.md', import.meta.url)

/** docs/results.md, with the limits of trust and what servers do as the code has them. */
export async function resultsPage(): Promise<string> {
  let page = await readFile(FILE, 'utf8')
  page = put(page, 'behaviours', await list(behaviourRows(), ['figures', 'said', 'behaviours']))
  page = put(page, 'trust', await list(trustRows(), ['warns', 'not judged', 'why']))
  return format(page, { ...(await resolveConfig(fileURLToPath(FILE))), parser: 'markdown' })
}

function trustRows(): string[][] {
  return (Object.values(TRUST) as TrustLimit[]).map(
    ({ figure, bad, degraded, limited, unit, why }) => {
      const shown = (limit: number | undefined) => {
        if (limit === undefined) return ''
        return `${bad} ${unit === 'share' ? percent(limit) : `${limit}${unit === 'ms' ? ' ms' : ''}`}`
      }
      return [figure, shown(degraded), shown(limited), why]
    },
  )
}

/** docs/results.schema.json, from the schema that results are read with. */
export function resultsSchema(): Promise<string> {
  return format(JSON.stringify(resultsJsonSchema()), { parser: 'json', printWidth: 100 })
}

/** Rows too wide for a table, as a list: the first cell, then the others with their headings. */
function list(rows: readonly string[][], headings: readonly string[]): Promise<string> {
  return wrapped(
    rows.map(([name = '', ...cells]) => {
      const texts = cells.flatMap((cell, i) =>
        cell === '' ? [] : [`${headings[i]}: ${prose(cell)}`],
      )
      return `- **${name}**: ${texts.join('; ')}`
    }),
  )
}

function put(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [page.indexOf(open), page.indexOf(close)]
  if (from < 0 || to < from) throw new Error(`docs/results.md has lost its mark ${open}`)
  return `${page.slice(0, from + open.length)}\n\n${text}\n${page.slice(to)}`
}
