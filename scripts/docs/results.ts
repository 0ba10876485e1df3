import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { CATALOGUE, TRUST } from '../../lib/metrics/index.ts'
import type { MetricDef, TrustLimit } from '../../lib/metrics/index.ts'
import { REQUEST_FIELDS } from '../../lib/records/index.ts'
import { resultsJsonSchema } from '../../lib/results/index.ts'
import { percent } from '../../lib/tables/index.ts'

import { behaviourRows } from './behaviours.ts'

const FILE = new URL('../../docs/results.md', import.meta.url)

/** docs/results.md, its tables regenerated from the catalogue, the records' fields and the limits of trust. */
export async function resultsPage(): Promise<string> {
  const metrics = (CATALOGUE as readonly MetricDef[]).map((def) => [
    `\`${def.name}\``,
    def.kind,
    def.unit === 'none' ? '' : def.unit,
    def.formula,
    def.noValue,
  ])
  const fields = Object.entries(REQUEST_FIELDS).map(([name, { kind, given, meaning }]) => [
    `\`${name}\``,
    kind,
    given,
    meaning,
  ])
  let page = await readFile(FILE, 'utf8')
  page = put(page, 'metrics', ['metric', 'kind', 'unit', 'formula', 'no value when'], metrics)
  page = put(page, 'records', ['field', 'kind', 'given', 'meaning'], fields)
  page = put(page, 'behaviours', ['a server …', 'figures', 'said', 'behaviours'], behaviourRows())
  page = put(page, 'trust', ['figure', 'warns', 'not judged', 'why'], trustRows())
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

function put(page: string, name: string, heading: string[], rows: string[][]): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const line = (cells: string[]) => `| ${cells.map((c) => c.replace(/\|/g, '\\|')).join(' | ')} |`
  const table = [heading, heading.map(() => '---'), ...rows].map(line).join('\n')
  const [from, to] = [page.indexOf(open), page.indexOf(close)]
  if (from < 0 || to < from) throw new Error(`docs/results.md has lost its mark ${open}`)
  return `${page.slice(0, from + open.length)}\n\n${table}\n\n${page.slice(to)}`
}
