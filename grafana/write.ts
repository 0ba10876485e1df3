import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedFiles, MODES } from './src/index.ts'

// Writes what code makes (`npm run dashboards`, and after each build) and names what it changed.

const folder = path.dirname(fileURLToPath(import.meta.url))
const files = generatedFiles()

for (const [name, content] of Object.entries(files)) {
  const file = path.join(folder, name)
  if (existsSync(file) && readFileSync(file, 'utf8') === content) continue
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
  console.log(`grafana/${name} written`)
}
for (const mode of MODES) {
  for (const file of readdirSync(path.join(folder, 'dashboards', mode))) {
    const name = `dashboards/${mode}/${file}`
    if (name in files) continue
    rmSync(path.join(folder, name))
    console.log(`grafana/${name} removed: nothing makes it any more`)
  }
}
