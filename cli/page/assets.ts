import { readFile } from 'node:fs/promises'

let loaded: Promise<{ script: string; style: string }> | undefined

/**
 * Script and style of the HTML report: the files beside the bundled program, or bundled now from
 * source.
 */
export function pageAssets(): Promise<{ script: string; style: string }> {
  loaded ??= beside().catch(async () => (await import('../../scripts/build/page.mjs')).buildPage())
  return loaded
}

async function beside(): Promise<{ script: string; style: string }> {
  const [script, style] = await Promise.all(
    ['page.js', 'page.css'].map((name) => readFile(new URL(`./${name}`, import.meta.url), 'utf8')),
  )
  return { script: script as string, style: style as string }
}
