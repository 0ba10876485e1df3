/**
 * @typedef {object} GoEvent a line of `go test -json` (see `go doc test2json`)
 * @property {string} Action
 * @property {string} [Package]
 * @property {string} [ImportPath] of a package that does not compile
 * @property {string} [Test] `TestX` or `TestX/case`
 * @property {string} [Output]
 */

/**
 * Adds up the events of `go test -json`. Leaves are counted: a test with cases counts by its cases. A
 * package that fails without a failed test (it panics, or does not compile) counts as one failure.
 *
 * @param {(line: string) => void} print given what failed tests and packages said
 */
export function createGoTally(print) {
  let rest = ''
  /** @type {Map<string, { action: string, output: string[] }>} by package and test */
  const tests = new Map()
  /** @type {Map<string, { action: string, output: string[] }>} by package */
  const packages = new Map()

  return { feed, end }

  /** @param {string} text a piece of the output, cut anywhere */
  function feed(text) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  }

  /** @param {string} line */
  function take(line) {
    if (line.trim() === '') return
    /** @type {GoEvent} */
    let event
    try {
      event = JSON.parse(line)
    } catch {
      print(line)
      return
    }
    const { Action: action, Package: name = event.ImportPath ?? '', Test: test, Output } = event
    const [group, key] = test === undefined ? [packages, name] : [tests, `${name} ${test}`]
    const entry = group.get(key) ?? { action: '', output: [] }
    group.set(key, entry)
    if (Output !== undefined) entry.output.push(Output)
    if (/^(pass|fail|skip|build-fail)$/.test(action)) entry.action = action
  }

  /**
   * @param {boolean} endedWell
   * @returns {import('./tally.mjs').Tally}
   */
  function end(endedWell) {
    take(rest)
    const tally = { passed: 0, failed: 0, skipped: 0 }
    const names = [...tests.keys()]
    for (const [name, { action, output }] of tests) {
      if (names.some((other) => other.startsWith(`${name}/`))) {
        if (action === 'fail') print(output.join('').trimEnd())
        continue
      }
      if (action === 'pass') tally.passed += 1
      else if (action === 'skip') tally.skipped += 1
      else {
        // A test without an end was running when its package died.
        tally.failed += 1
        print(output.join('').trimEnd())
      }
    }
    for (const [name, { action, output }] of packages) {
      if (action !== 'fail' && action !== 'build-fail') continue
      print(output.join('').trimEnd())
      const ownFailure = [...tests].some(
        ([test, entry]) => test.startsWith(`${name} `) && !/^(pass|skip)$/.test(entry.action),
      )
      // What a package's compiler said comes under another name, before the package's own failure.
      if (!ownFailure && action === 'fail') tally.failed += 1
    }
    if (tally.failed === 0 && (!endedWell || tally.passed === 0)) tally.failed = 1
    return tally
  }
}
