#!/usr/bin/env node
// A kubectl for tests: `--context` is the folder that holds what its cluster knows (fake-cluster.ts).
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const args = process.argv.slice(2)
const folder = args[args.indexOf('--context') + 1] ?? ''
/** @param {string[]} parts */
const file = (...parts) => path.join(folder, ...parts)
/** @param {string} name */
const read = (name) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : undefined)

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

const refusal = read('refuse')
if (refusal !== undefined) fail(refusal)
const [verb, what = '', which = ''] = args

if (verb === 'create') {
  const object = JSON.parse(readFileSync(0, 'utf8'))
  object.metadata.name = `${object.metadata.generateName}x7f2k`
  // Whole at once: the test waits for it.
  writeFileSync(file('testrun.part'), JSON.stringify(object))
  renameSync(file('testrun.part'), file('testrun.json'))
  process.stdout.write(JSON.stringify(object))
} else if (verb === 'get' && what === 'testruns.k6.io') {
  const object = read('testrun.json')
  const stage = read('stage')
  if (object !== undefined) {
    process.stdout.write(JSON.stringify({ ...JSON.parse(object), status: { stage } }))
  }
} else if (verb === 'get' && what === 'pods') {
  process.stdout.write(read('pods.json') ?? '{"items": []}')
} else if (verb === 'logs' && what === '--follow') {
  await follow(which)
} else if (verb === 'logs') {
  const log = read(`${path.basename(what)}.log`)
  if (log === undefined) fail(`Error from server (NotFound): ${what} not found`)
  else process.stdout.write(log)
} else if (verb === 'delete') {
  rmSync(file('testrun.json'), { force: true })
  writeFileSync(file('deleted'), which)
} else fail(`unknown: ${args.join(' ')}`)

/**
 * Writes what is added to the log until its pod has ended.
 * @param {string} pod
 */
async function follow(pod) {
  const fd = openSync(file(`${pod}.log`), 'r')
  writeFileSync(file(`${pod}.followed`), '')
  const buffer = Buffer.alloc(1 << 16)
  for (;;) {
    const last = existsSync(file(`${pod}.ended`))
    for (let n; (n = readSync(fd, buffer)) > 0;) {
      process.stdout.write(Buffer.from(buffer.subarray(0, n)))
    }
    if (last) break
    await pause(20)
  }
  closeSync(fd)
  if (readFileSync(file(`${pod}.ended`), 'utf8') === 'broken') process.exitCode = 1
}
