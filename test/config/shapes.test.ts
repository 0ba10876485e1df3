import { describe, expect, it } from 'vitest'
import { describeShapes, describeVariables, parseConfig } from '../../lib/config/index.ts'
import { SHAPES as MADE } from '../../lib/load/index.ts'
import { shapeVariables } from '../../lib/config/variables/shape.ts'

const shapes = describeShapes()
const variables = describeVariables()

describe.each(shapes)('shape $name', ({ name, loop, meaning }) => {
  it('has phases, unless it replays a trace', () => {
    expect(name in MADE).toBe(name !== 'trace')
    expect(meaning).toMatch(/^[A-Z`].*[.…]$/)
  })

  it('warns of variables that have no effect on it, and of no others', () => {
    for (const { name: variable, example, shapes: used, secret } of variables) {
      if (secret || variable === 'BASE_URLS') continue
      const result = parseConfig({ scenario: 's', shape: name, env: { [variable]: example } })
      const idle = result.warnings.some(({ message }) =>
        /no effect on the load shape/.test(message),
      )
      expect(idle, variable).toBe(used !== 'all' && !used.includes(name))
    }
  })

  it.skipIf(loop === 'either')('runs in its one loop, whatever was given', () => {
    const other = loop === 'open' ? { CONCURRENCY: '4' } : { RATE: '4' }
    const env = name === 'trace' ? { ...other, TRACE: 'x' } : other
    const result = parseConfig({ scenario: 's', shape: name, env })
    expect(result.ok && result.config.load.loop).toBe(loop)
  })
})

it('every variable of shapes is used by one', () => {
  const orphans = Object.keys(shapeVariables).filter(
    (name) => variables.find((row) => row.name === name)?.shapes === 'all',
  )
  expect(orphans).toEqual([])
})
