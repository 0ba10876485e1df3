import { mkdir, writeFile } from 'node:fs/promises'
import { format } from 'prettier'
import { resultsJsonSchema } from '../lib/results/index.ts'

// Writes docs/results.schema.json; a test holds that it is up to date.
const file = new URL('../docs/results.schema.json', import.meta.url)
await mkdir(new URL('.', file), { recursive: true })
await writeFile(
  file,
  await format(JSON.stringify(resultsJsonSchema()), { parser: 'json', printWidth: 100 }),
)
