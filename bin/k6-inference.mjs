#!/usr/bin/env node
// The one entry, in a clone and in the npm package. An old Node must be able to read this file, to be told that it
// is old: everything newer is loaded by `start`.
import { existsSync } from 'node:fs'
import { tooOld } from './node-version.mjs'

const SETUP = new URL('../scripts/setup/index.mjs', import.meta.url)
const SOURCE = new URL('../cli/bin.ts', import.meta.url)
const BUNDLE = new URL('../dist/cli/k6-inference.mjs', import.meta.url)

const problem = tooOld(process.versions.node)
if (problem === undefined) start()
else fail(problem)

/** The package brings the program bundled. A clone runs its source, so that nothing has to be built first. */
async function start() {
  if (!existsSync(SETUP)) {
    await import(BUNDLE.href)
    return
  }
  const { ensurePackages, messageOf, SetupError } = await import(SETUP.href)
  try {
    await ensurePackages()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    fail(messageOf(error))
    return
  }
  const { register } = await import('tsx/esm/api')
  register()
  await import(SOURCE.href)
}

/** @param {string} message */
function fail(message) {
  console.error(`k6-inference: ${message}`)
  process.exitCode = 1
}
