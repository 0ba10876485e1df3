import type { PathKind } from '../config/index.ts'

/** On Linux, the folder k6 was started in: written files are relative to it, `open()` to the script. */
const STARTED_IN = '/proc/self/cwd'

/**
 * What lies at a path that k6 will write to, as far as `open()` shows while a script is loaded. It can
 * tell folders, files and missing paths apart, but not whether they are writable.
 *
 * Nothing is known where this machine's files are not those of the run: in an archive, and in
 * `k6 archive`, `inspect` and `cloud run`, which unlike `run` do not pass on the shell's variables.
 */
export function lookAt(path: string): PathKind {
  if (__ENV['PATH'] === undefined) return 'unknown'
  const whole = fromWorkingFolder(path)
  if (whole === undefined) return 'unknown'
  // First a path below it: the file itself should not be read, as it may be large.
  const below = answerTo(`${whole}/is-this-a-folder`)
  if (/not a directory/.test(below)) return 'not a folder'
  const itself = answerTo(whole)
  if (/can't be used with directories/.test(itself)) return 'folder'
  return /no such file or directory/.test(itself) ? 'nothing' : 'unknown'
}

/**
 * A path as seen from the folder in which k6 was started, where a person who types it stands; `open()`
 * takes relative ones from the script. Undefined where that folder is not known.
 */
export function fromWorkingFolder(path: string): string | undefined {
  if (/^(?:[/\\]|[A-Za-z]:[/\\])/.test(path)) return path
  // k6 shortens paths by their text, and STARTED_IN/.. would be a folder of /proc.
  const climbs = path.split(/[/\\]/).includes('..')
  const known = !climbs && /can't be used with directories/.test(answerTo(STARTED_IN))
  const folder = known ? STARTED_IN : __ENV['PWD']
  return folder === undefined ? undefined : `${folder}/${path}`
}

/** k6's error message for opening a path that cannot be opened. */
function answerTo(path: string): string {
  try {
    open(path)
    return ''
  } catch (error) {
    return String((error as { message?: unknown } | null)?.message ?? error)
  }
}
