import { expect, it } from 'vitest'
import { filesBelow, textOf } from '../support/sources.ts'

/** The only places that write to a terminal or to k6's log. What they write is fit to be shown. */
const MAY_WRITE = ['cli/bin.ts', 'cli/command.ts', 'lib/k6/say.ts', 'lib/k6/records.ts']
/** Prompts that hold code. */
const DATA = 'lib/workload/datasets/builtin-data.ts'

it('every word to a terminal or a log goes through one place', () => {
  const writes =
    /\bconsole\.(log|error|warn|info|debug)\(|\bprocess\.std(out|err)\b|\btest\.abort\(/
  const found = ['cli', 'lib', 'scenarios']
    .flatMap((folder) => filesBelow(folder))
    .filter((file) => file.endsWith('.ts') && writes.test(textOf(file)))
  expect(found.filter((file) => !MAY_WRITE.includes(file) && file !== DATA)).toEqual([])
})
