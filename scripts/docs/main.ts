import { writeFile } from 'node:fs/promises'
import { metricsPage, recordsPage } from './reference.ts'
import { resultsPage, resultsSchema } from './results.ts'
import { scenariosPage } from './scenarios.ts'
import { variablesPage } from './variables.ts'

const PAGES = {
  'scenarios.md': scenariosPage,
  'reference/variables.md': variablesPage,
  'reference/metrics.md': metricsPage,
  'reference/records.md': recordsPage,
  'results.md': resultsPage,
  'results.schema.json': resultsSchema,
}

for (const [name, page] of Object.entries(PAGES)) {
  await writeFile(new URL(`../../docs/${name}`, import.meta.url), await page())
  console.log(`docs/${name}`)
}
