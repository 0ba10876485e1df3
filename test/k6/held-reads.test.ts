import { describe, expect, it } from 'vitest'
import { createHeldReads } from '../../lib/k6/held-reads.ts'

function log(maxMs = 500, dull = true) {
  const lines: string[] = []
  const held = createHeldReads(maxMs, (text, stamps) => {
    lines.push(`${text} ${stamps.join()}`)
    return dull ? '!' : undefined
  })
  return { lines, ...held }
}

describe('createHeldReads', () => {
  it('hands over the first read, and then those that end dully with the first one that does not', () => {
    const { lines, add } = log()
    add('head', 1)
    add('a!', 2)
    add('bc!', 3)
    add('end', 4)
    expect(lines).toEqual(['head 0,1', 'a!bc!end 0,2,2,3,5,4'])
  })

  it('hands over what is held when asked, and nothing twice', () => {
    const { lines, add, flush } = log()
    add('head', 1)
    add('a!', 2)
    flush()
    flush()
    expect(lines).toEqual(['head 0,1', 'a! 0,2'])
  })

  it('holds nothing longer than it may', () => {
    const { lines, add } = log(10)
    add('head', 1)
    add('a!', 2)
    add('b!', 11)
    add('c!', 12)
    expect(lines).toEqual(['head 0,1', 'a!b!c! 0,2,2,11,4,12'])
  })

  it('holds nothing while each read may tell something else', () => {
    const { lines, add } = log(500, false)
    add('a!', 1)
    add('b!', 2)
    expect(lines).toEqual(['a! 0,1', 'b! 0,2'])
  })

  it('takes reads that come while it hands over', () => {
    const lines: string[] = []
    const held = createHeldReads(500, (text) => {
      lines.push(text)
      if (text === 'a') held.add('b', 2)
      return undefined
    })
    held.add('a', 1)
    expect(lines).toEqual(['a', 'b'])
  })
})
