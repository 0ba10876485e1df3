import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { playPart, scripted } from '../../scripts/faults/play.ts'
import type { Part } from '../../scripts/faults/play.ts'
import { STREAMS } from '../../scripts/faults/rows.ts'
import { simulated } from '../../scripts/faults/simulated.ts'
import type { FormatName } from '../../simulator/index.ts'
import { BUILD_LIMIT_MS, canBuild, stockK6 } from './lookalike.ts'

/** With rows that are played again where the machine was busy. */
const PATIENCE_MS = 240_000

const bundle = () => path.join(inject('bundles'), 'chat-steady.js')

it('are more than 200 kinds of behaviour of one wire format alone', () => {
  const ofChat = [...scripted, ...simulated].filter(({ formats }) => formats.includes('chat'))
  expect(new Set(ofChat.map(({ name }) => name)).size).toBeGreaterThan(400)
})

// `npm run faults` plays all of them in all wire formats, on any k6.
describe.concurrent('each behaviour is told for what it is, through a real k6', () => {
  it.for([
    ['chat', 'scripted'],
    ['responses', 'scripted'],
    ['ollama-chat', 'scripted'],
    ['chat', 'endless'],
    ...STREAMS.map((format): [FormatName, Part] => [format, 'simulated']),
  ] as const)('%s, %s', { timeout: PATIENCE_MS }, async ([format, part], { expect: check }) => {
    const { rows, problems } = await playPart(inject('k6'), bundle(), part, format)
    check(rows).toBeGreaterThan(10)
    check(problems).toEqual([])
  })
})

describe.skipIf(!canBuild).concurrent('and with a socket module like the official one', () => {
  it.for(['scripted', 'simulated'] as const)(
    'chat, %s',
    { timeout: BUILD_LIMIT_MS },
    async (part, { expect: check }) => {
      const { rows, problems } = await playPart(await stockK6(), bundle(), part, 'chat')
      check(rows).toBeGreaterThan(10)
      check(problems).toEqual([])
    },
  )
})
