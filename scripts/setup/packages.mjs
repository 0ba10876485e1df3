import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { tooOld } from '../../bin/node-version.mjs'
import { codeOf, messageOf, SetupError } from './errors.mjs'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** @throws {SetupError} when this Node is older than package.json asks for */
export function checkNode(version = process.versions.node) {
  const problem = tooOld(version)
  if (problem !== undefined) throw new SetupError(problem)
}

/**
 * Runs `npm ci` if node_modules is missing or differs from package-lock.json.
 *
 * @param {string} [root] folder of package.json
 * @throws {SetupError} when npm cannot install them
 */
export async function ensurePackages(root = repository) {
  const why = packagesDiffer(root)
  if (why === undefined) return
  console.error(`setup: installing Node packages with npm ci (${why})`)
  const { file, args } = npm()
  const code = await new Promise((resolve, reject) => {
    // --include=dev: with NODE_ENV=production, npm would leave out the compiler.
    const child = spawn(
      file,
      [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
      {
        cwd: root,
        stdio: ['ignore', 2, 2],
      },
    )
    child.on('error', (error) => reject(new SetupError(`cannot start npm: ${error.message}`)))
    child.on('close', resolve)
  })
  if (code !== 0) {
    throw new SetupError(
      `npm ci failed with exit code ${code}, its own message is above. The packages are fetched once; ` +
        'that needs the npm registry (or a mirror set in .npmrc), room on the disk and a writable folder.',
    )
  }
  const still = packagesDiffer(root)
  if (still !== undefined) throw new SetupError(`npm ci ended well, and yet ${still}`)
}

/**
 * Compares the lock file with the copy that npm keeps in node_modules for what it installed.
 *
 * @param {string} root
 * @returns {string | undefined} what differs, undefined when nothing does
 */
export function packagesDiffer(root) {
  const wanted = readPackages(path.join(root, 'package-lock.json'))
  if (wanted === undefined) throw new SetupError(`package-lock.json is missing in ${root}`)
  const installed = readPackages(path.join(root, 'node_modules', '.package-lock.json'))
  if (installed === undefined) return 'node_modules is missing'
  for (const [place, { version, optional, peer }] of Object.entries(wanted)) {
    if (place === '') continue
    const have = installed[place]
    if (have === undefined) {
      // Binaries of other platforms are never installed.
      if (optional === true || peer === true) continue
      return `${place} is missing`
    }
    if (have.version !== version) return `${place} is ${have.version}, not ${version}`
  }
  return undefined
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, peer?: boolean }> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new SetupError(`cannot read ${file}: ${messageOf(error)}`)
  }
}

/** The npm that runs this script, so that versions agree, or else the one on PATH. */
function npm() {
  const running = process.env.npm_execpath
  if (running !== undefined && /npm-cli\.c?js$/.test(running)) {
    return { file: process.execPath, args: [running] }
  }
  return { file: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] }
}
