import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedFiles } from './src/index.ts'

const folder = path.dirname(fileURLToPath(import.meta.url))

for (const [name, content] of Object.entries(generatedFiles())) {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
  console.log(`${path.relative(process.cwd(), file)}  ${(content.length / 1024).toFixed(1)} KiB`)
}
