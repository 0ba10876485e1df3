// Read by every Node that may start the program, so only what Node 14 knows is used here.
import { readFileSync } from 'node:fs'

const MANIFEST = new URL('../package.json', import.meta.url)

/**
 * @param {string} version of Node, e.g. `20.19.0`
 * @returns {string | undefined} one sentence when it is older than package.json asks for
 */
export function tooOld(version) {
  const asked = JSON.parse(readFileSync(MANIFEST, 'utf8')).engines.node
  const [major, minor] = asked.match(/\d+/g).map(Number)
  const [haveMajor = 0, haveMinor = 0] = version.split('.').map(Number)
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return undefined
  return `Node.js ${version} is too old: ${major}.${minor} or later is needed`
}
