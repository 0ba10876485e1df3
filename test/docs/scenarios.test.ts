import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CATALOGUE } from '../../lib/metrics/index.ts'
import { REQUEST_FIELDS } from '../../lib/records/index.ts'
import { describeVariables } from '../../lib/config/index.ts'
import { protocolNames } from '../../lib/protocols/index.ts'
import { scenarioDocs } from '../../scripts/docs/definitions.ts'
import { PAGE_WIDTH } from '../../scripts/docs/page.ts'
import { metricsPage, recordsPage } from '../../scripts/docs/reference.ts'
import { scenariosPage } from '../../scripts/docs/scenarios.ts'
import { variablesPage } from '../../scripts/docs/variables.ts'

const PAGES = {
  'scenarios.md': scenariosPage,
  'reference/variables.md': variablesPage,
  'reference/metrics.md': metricsPage,
  'reference/records.md': recordsPage,
}

it.each(Object.entries(PAGES))('docs/%s is what `npm run docs` writes', async (name, page) => {
  const written = readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
  expect(written).toBe(await page())
  const wide = written.split('\n').filter((line) => line.length > PAGE_WIDTH)
  expect(wide).toEqual([])
})

it('the pages have every scenario, variable, metric and field', async () => {
  const scenarios = await scenariosPage()
  for (const { name } of await scenarioDocs()) expect(scenarios).toContain(`\n## ${name}\n`)
  const variables = await variablesPage()
  for (const { name } of describeVariables()) expect(variables).toContain(`\`${name}`)
  const metrics = await metricsPage()
  for (const { name } of CATALOGUE) expect(metrics).toContain(`\n## ${name}\n`)
  const records = await recordsPage()
  for (const name of Object.keys(REQUEST_FIELDS)) expect(records).toContain(`\n- \`${name}\` (`)
})

it('the names that API takes are those of the protocols', () => {
  const { accepted } = describeVariables().find(({ name }) => name === 'API')!
  expect(accepted.split(', ').sort()).toEqual([...protocolNames].sort())
})

it('defaults of a scenario are variables', async () => {
  const known = new Set<string>(describeVariables().map(({ name }) => name))
  for (const { name, defaults } of await scenarioDocs()) {
    for (const variable of Object.keys(defaults)) expect(known, name).toContain(variable)
  }
})
