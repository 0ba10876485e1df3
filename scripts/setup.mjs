#!/usr/bin/env node
// Runs before packages are installed, so this file and scripts/setup/ use only Node's own modules.
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import {
  checkNode,
  codeOf,
  ensureK6,
  ensurePackages,
  messageOf,
  SetupError,
} from './setup/index.mjs'

const HELP = `Usage: node scripts/setup.mjs [--print] [--packages]

Installs the Node packages if they are missing or differ from package-lock.json, then finds or builds a
k6 that can stream. Tried in this order: $K6, k6 on PATH (2.2.0 or later), an earlier build, a new build
of the Go module in k6/.

  --print      print only the path of k6 to standard output; install no packages
  --packages   install only the packages, no k6`

/** @param {readonly string[]} args */
async function main(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      print: { type: 'boolean', default: false },
      packages: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  checkNode()
  if (!values.print) await ensurePackages()
  if (values.packages) return
  const k6 = await ensureK6()
  if (values.print) console.log(k6.path)
  else console.error(`setup: k6 ${k6.version} (${k6.source}): ${k6.path}`)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await main(process.argv.slice(2))
  } catch (error) {
    const known = error instanceof SetupError || codeOf(error).startsWith('ERR_PARSE_ARGS')
    console.error(known ? `setup: ${messageOf(error)}` : error)
    process.exitCode = 1
  }
}
