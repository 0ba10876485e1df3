#!/usr/bin/env node
// Runs before anything is installed, so this and scripts/setup/ use Node's own modules only.
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

Installs the Node packages where they are missing or not those of package-lock.json, then finds or
builds a k6 that streams, in this order: $K6, k6 on PATH (2.2.0 or later), an earlier build, a build
of the Go module in k6/.

  --print      print the path of k6, and only that, to standard output; installs no packages
  --packages   packages only, no k6`

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
