import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Bundles what an HTML report embeds: its script with the chart library, and its style.
 *
 * @returns {Promise<{ script: string, style: string }>}
 */
export async function buildPage() {
  // Imported on demand: the installed program also contains this file, but ships the page ready-made.
  const { build } = await import('esbuild')
  const folder = path.join(root, 'cli', 'page', 'script')
  const { outputFiles } = await build({
    entryPoints: [path.join(folder, 'main.ts')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    write: false,
    absWorkingDir: root,
    logLevel: 'warning',
  })
  const [library, own] = await Promise.all([
    readFile(path.join(root, 'node_modules', 'uplot', 'dist', 'uPlot.min.css'), 'utf8'),
    readFile(path.join(folder, 'style.css'), 'utf8'),
  ])
  return { script: outputFiles[0]?.text ?? '', style: `${library}\n${own}` }
}
