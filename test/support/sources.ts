import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const NOT_OURS = new Set(['.git', 'node_modules', 'dist', 'results', 'coverage'])

/** All files of the repository below `folder`, as paths from its root with `/`. */
export function filesBelow(folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return []
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesBelow(name)
    return entry.isFile() ? [name] : []
  })
}

export function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}

export interface Import {
  from: string
  /** As written: `k6/http`, `node:fs`, `zod/mini`; a path from the root when it was relative. */
  to: string
  typeOnly: boolean
}

/** `import`, `export … from` and `import(…)` of a TypeScript or JavaScript text. */
export function importsOf(file: string, text: string): Import[] {
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    // A script that is given to k6 or Node stands in a template.
    .replace(/`(?:\\.|[^`\\])*`/gs, '``')
  const found: Import[] = []
  const add = (specifier: string, typeOnly: boolean) => {
    const to = specifier.startsWith('.')
      ? path.posix.join(path.posix.dirname(file), specifier)
      : specifier
    found.push({ from: file, to, typeOnly })
  }
  const statements =
    /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{][^'";]*?\sfrom\s*)?['"]([^'"]+)['"]/gm
  for (const [, type, specifier = ''] of code.matchAll(statements)) {
    add(specifier, type !== undefined)
  }
  for (const [, specifier = ''] of code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)) {
    add(specifier, false)
  }
  return found
}

export function allImports(): Import[] {
  return filesBelow()
    .filter((file) => /\.(ts|mjs|js)$/.test(file) && !file.endsWith('.d.ts'))
    .flatMap((file) => importsOf(file, textOf(file)))
}
