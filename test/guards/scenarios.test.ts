import path from 'node:path'
import { expect, it } from 'vitest'
import { filesBelow, textOf } from '../support/sources.ts'

const scenarios = filesBelow('scenarios').map((file) => path.basename(file, '.ts'))
const e2e = filesBelow('test/e2e')
  .filter((file) => file.endsWith('.ts'))
  .map(textOf)
  .join('\n')

/** `scenario: 'name'` of a run, or a key of the table of quick ones. */
function isRun(name: string): boolean {
  return (
    new RegExp(`scenario: '${name}'|^  (?:'${name}'|${name}): \\{$`, 'm').test(e2e) ||
    inOneLine(name)
  )
}

function inOneLine(name: string): boolean {
  return new RegExp(`^  (?:'${name}'|${name}): \\{ .*phases:`, 'm').test(e2e)
}

it('runs every scenario with the real k6', () => {
  const forgotten = scenarios.filter((name) => !isRun(name))
  expect(forgotten, 'give each a line in `quick` of test/e2e/scenarios.test.ts').toEqual([])
})

it('says of every scenario in one comment what it is for', () => {
  const silent = scenarios.filter((name) => !textOf(`scenarios/${name}.ts`).includes('/**'))
  expect(silent, 'docs/scenarios.md is made of the comment above `defineTest`').toEqual([])
})
