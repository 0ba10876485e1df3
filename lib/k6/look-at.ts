import type { PathKind } from '../config/index.ts'

/** On Linux, the folder k6 was started in: `open()` is relative to the script, written files to this. */
const STARTED_IN = '/proc/self/cwd'

/**
 * What lies at a path that k6 will write to, as far as `open()` tells while a script is loaded. It
 * tells folders from files and from nothing, and not whether they can be written to.
 *
 * Nothing is known where the files of this machine are not those of the run: in an archive, and in
 * `k6 archive`, `inspect` and `cloud run`, which do not pass the shell's variables on, unlike `run`.
 */
export function lookAt(path: string): PathKind {
  if (__ENV['PATH'] === undefined) return 'unknown'
  const whole = absolute(path)
  if (whole === undefined) return 'unknown'
  // Below it first: the file itself, of whatever size, is not to be read.
  const below = answerTo(`${whole}/is-this-a-folder`)
  if (/not a directory/.test(below)) return 'not a folder'
  const itself = answerTo(whole)
  if (/can't be used with directories/.test(itself)) return 'folder'
  return /no such file or directory/.test(itself) ? 'nothing' : 'unknown'
}

function absolute(path: string): string | undefined {
  if (path.startsWith('/')) return path
  const known = /can't be used with directories/.test(answerTo(STARTED_IN))
  const folder = known ? STARTED_IN : __ENV['PWD']
  return folder === undefined ? undefined : `${folder}/${path}`
}

/** k6's message to an attempt to open what cannot be opened. */
function answerTo(path: string): string {
  try {
    open(path)
    return ''
  } catch (error) {
    return String((error as { message?: unknown } | null)?.message ?? error)
  }
}
