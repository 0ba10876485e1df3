import { describe, expect, it } from 'vitest'
import { protocolNames, protocols } from '../../lib/protocols/index.ts'
import { faultKinds } from '../../simulator/index.ts'
import { filesBelow, textOf } from '../support/sources.ts'
import { streams } from '../support/streams.ts'

/** Wire formats with a recorded stream; SGLang's is made by a function, as its texts add up. */
const recorded = new Set([...streams.map(({ protocol }) => protocol), 'sglang'])
const streamed = protocolNames.filter((name) => protocols[name]!.streams)

const formatsTest = textOf('test/protocols/formats.test.ts')
/** Rows that a table of test/protocols/formats.test.ts has for a format. */
function rows(table: string, name: string): number {
  const start = formatsTest.indexOf(`describe('${table}'`)
  const end = formatsTest.indexOf('\n})\n', start)
  expect(start, `test/protocols/formats.test.ts has lost its table of ${table}`).toBeGreaterThan(0)
  return formatsTest.slice(start, end).split(`'${name}',`).length - 1
}

describe('a wire format that is new', () => {
  it('has a stream as its server writes it', () => {
    const forgotten = streamed.filter((name) => !recorded.has(name))
    expect(forgotten, 'add a StreamFixture to test/support/streams.ts').toEqual([])
  })

  it('has a request, a whole answer and an error in the tables of its tests', () => {
    for (const [table, of] of [
      ['requests', protocolNames],
      ['whole answers', protocolNames],
      ['errors inside a 200, by format', streamed],
    ] as const) {
      // Chat's have files of their own, and completions' are those of chat.
      const forgotten = of.filter(
        (name) => rows(table, name) === 0 && name !== 'chat' && name !== 'completions',
      )
      expect(forgotten, `add a row to "${table}" in test/protocols/formats.test.ts`).toEqual([])
    }
  })

  it('is spoken by the simulator, with every fault that it can show', () => {
    const spoken: readonly string[] = faultKinds['500'].formats
    const forgotten = protocolNames.filter((name) => !spoken.includes(name))
    const where =
      'add it to simulator/formats (names.ts, registry.ts) and to the groups of faults.ts'
    expect(forgotten, where).toEqual([])
  })

  it('is explained to users', () => {
    const docs = filesBelow('docs')
      .filter((file) => file.endsWith('.md'))
      .map(textOf)
      .join('\n')
    const forgotten = protocolNames.filter((name) => !docs.includes(name))
    expect(forgotten, 'run `npm run docs`').toEqual([])
  })
})
