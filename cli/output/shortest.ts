import path from 'node:path'

/** A path as it is typed from here, where that is shorter. */
export function shortest(file = ''): string {
  const relative = path.relative(process.cwd(), file)
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative
}
