import { writeFile } from 'node:fs/promises'
import { resultsPage, resultsSchema } from './results.ts'
import { scenariosPage } from './scenarios.ts'

const PAGES = {
  'scenarios.md': scenariosPage,
  'results.md': resultsPage,
  'results.schema.json': resultsSchema,
}

for (const [name, page] of Object.entries(PAGES)) {
  await writeFile(new URL(`../../docs/${name}`, import.meta.url), await page())
  console.log(`docs/${name}`)
}
