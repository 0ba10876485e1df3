import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { deployFiles } from './index.ts'

// Writes what deploy/ has of k6-inference k8s (`npm run k8s:examples`).

const FOLDER = fileURLToPath(new URL('../../deploy', import.meta.url))

for (const [file, text] of Object.entries(deployFiles())) {
  const target = path.join(FOLDER, file)
  await mkdir(path.dirname(target), { recursive: true })
  await writeFile(target, text)
}
