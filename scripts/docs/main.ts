import { writeFile } from 'node:fs/promises'
import { scenariosPage } from './scenarios.ts'

await writeFile(new URL('../../docs/scenarios.md', import.meta.url), await scenariosPage())
console.log('docs/scenarios.md')
