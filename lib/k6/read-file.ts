import { gunzip } from '../workload/index.ts'
import { fromWorkingFolder } from './look-at.ts'

/**
 * Reads a file: as seen from where k6 was started, else from beside the script.
 * @throws Error that names the variable and every place tried, which k6's own message does not
 */
export function readFile(variable: string, path: string): string {
  const seen = fromWorkingFolder(path)
  const places = new Map<string, string>()
  if (seen !== undefined)
    places.set(seen, `in ${__ENV['PWD'] ?? 'the folder where k6 was started'}`)
  if (seen !== path) places.set(path, 'beside the script')
  for (const place of places.keys()) {
    try {
      return textOf(place)
    } catch (error) {
      const why = String((error as { message?: unknown } | null)?.message ?? error)
      // A file that is there and broken is the one that was meant.
      if (!MISSING.test(why)) {
        throw new Error(`${variable} ${path} cannot be read: ${why}`, { cause: error })
      }
    }
  }
  const where = seen === path ? '' : ` ${[...places.values()].join(' or ')}`
  throw new Error(`${variable} ${path} cannot be read: there is no such file${where}`)
}

const MISSING = /no such file|cannot find the (?:file|path)/i

function textOf(path: string): string {
  if (!/\.gz$/i.test(path)) return open(path)
  return new TextDecoder().decode(gunzip(new Uint8Array(open(path, 'b'))))
}
