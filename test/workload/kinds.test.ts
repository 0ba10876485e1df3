import { describe, expect, it } from 'vitest'

import type { GenerationRequest } from '../../lib/protocols/index.ts'
import {
  agent,
  calibrate,
  chat,
  codeCompletion,
  conversations,
  drawLength,
  embeddings,
  type Kind,
  KIND_LENGTHS,
  mix,
  mixOf,
  offline,
  parseMix,
  rag,
  randomOf,
  type RequestContext,
  shortestPrompt,
  SINGLE_KINDS,
  type SingleKind,
  withinBound,
  type WorkloadConfig,
} from '../../lib/workload/index.ts'
import { counting, server, TEMPLATES, TOKENIZERS } from './tokenizers.ts'

const configFor = (kind: Kind, over: Partial<WorkloadConfig> = {}): WorkloadConfig => ({
  load: { seed: 5 },
  ...KIND_LENGTHS[kind],
  ...over,
})

const content = (request: GenerationRequest) => String(request.messages?.[0]?.content)
const words = (text: string, count: number) => text.split(' ', count).join(' ')

describe.each(Object.keys(SINGLE_KINDS) as SingleKind[])('kind %s', (kind) => {
  it.each(['words', 'pieces of five letters', 'a quarter of the characters'])(
    'has the lengths asked for by %s, at the API of its own',
    async (tokenizer) => {
      const count = server(TOKENIZERS[tokenizer]!, TEMPLATES['long, with a system prompt'])
      for (const api of ['openai-chat', 'completions']) {
        const workload = SINGLE_KINDS[kind](configFor(kind, { api }))
        const calibration = await calibrate({
          frames: workload.frames,
          countTokens: counting(count),
        })
        let within = 0
        for (let n = 0; n < 200; n++) {
          const { request, inputTokens } = workload.request(n, { calibration })
          if (withinBound(inputTokens!, count(request))) within++
        }
        expect(within / 200).toBeGreaterThanOrEqual(0.95)
      }
    },
  )

  it('tells its application and bounds its answer', () => {
    for (let n = 0; n < 50; n++) {
      const one = SINGLE_KINDS[kind](configFor(kind)).request(n)
      expect(one.app).toBe(kind)
      expect(one.request.maxTokens).toBe(one.outputTokens)
    }
  })
})

describe('prompts of a kind', () => {
  it('send the completions API an array of prompts, each as it would be alone', () => {
    const config = configFor('code', { api: 'completions', batchSize: 3 })
    const batch = codeCompletion(config).request(4)
    const alone = codeCompletion({ ...config, batchSize: 1 })
    expect(batch.request.prompt).toEqual([12, 13, 14].map((n) => alone.request(n).request.prompt))
    expect(batch.outputTokens).toBe(3 * batch.request.maxTokens!)
  })

  it('embed arrays, with no answer asked for', () => {
    const { request, inputTokens, outputTokens } = embeddings(
      configFor('embeddings', { batchSize: 8 }),
    ).request(2)
    expect(request.input).toHaveLength(8)
    expect(Object.keys(request)).toEqual(['input'])
    expect(outputTokens).toBeUndefined()
    const each = Array.from({ length: 8 }, (_, i) =>
      drawLength(KIND_LENGTHS.embeddings.inputTokens, randomOf(5, 16 + i, 1)),
    )
    expect(inputTokens).toBe(each.reduce((a, b) => a + b))
  })

  it('go as chats where the API is not completions', () => {
    for (const api of [undefined, 'auto', 'openai-chat', 'chat/completions'])
      expect(offline(configFor('offline', { api })).wire).toBe('chat')
  })

  it('leave tools and schemas to end by themselves, and send them', () => {
    const context = { controls: { minTokens: true, ignoreEos: true } }
    for (const kind of ['tools', 'structured'] as const) {
      const { request } = SINGLE_KINDS[kind](configFor(kind, { ignoreEos: 'on' })).request(
        0,
        context,
      )
      expect(request).not.toHaveProperty('ignoreEos')
      expect(request).not.toHaveProperty('minTokens')
      expect(request.tools ?? request.responseFormat).toBeDefined()
    }
  })

  it('do not share what they are made of', () => {
    const a = rag(configFor('rag')).request(0)
    a.request.messages![0]!.content = 'changed'
    expect(content(rag(configFor('rag')).request(0).request)).not.toBe('changed')
  })
})

describe('shortestPrompt', () => {
  it('is the length below which prompts cannot be made shorter', async () => {
    const count = server(TOKENIZERS['words']!, TEMPLATES['short'])
    const config = configFor('tools', { inputTokens: { kind: 'constant', value: 1 } })
    const workload = SINGLE_KINDS.tools(config)
    const calibration = await calibrate({ frames: workload.frames, countTokens: counting(count) })
    const shortest = shortestPrompt(workload.frames[0]!, { calibration })
    expect(shortest).toBeGreaterThan(20)
    for (let n = 0; n < 20; n++)
      expect(count(workload.request(n, { calibration }).request)).toBe(shortest)
  })
})

describe('shared beginnings', () => {
  const context: RequestContext = {}
  const texts = (over: Partial<WorkloadConfig>, count = 300) =>
    Array.from({ length: count }, (_, n) =>
      content(
        chat(configFor('chat', { inputTokens: { kind: 'constant', value: 500 }, ...over })).request(
          n,
          context,
        ).request,
      ),
    )
  const common = (a: string, b: string) => {
    let i = 0
    const [x, y] = [a.split(' '), b.split(' ')]
    while (i < x.length && x[i] === y[i]) i++
    return i
  }

  it('have the share asked for and as many variants as the pool', () => {
    const all = texts({ cache: 'shared', prefixShare: 0.6, prefixPool: 4 })
    const heads = new Map<string, string[]>()
    for (const text of all)
      heads.set(words(text, 12), [...(heads.get(words(text, 12)) ?? []), text])
    expect(heads.size).toBe(4)
    for (const group of heads.values()) {
      expect(group.length).toBeGreaterThan(40)
      const same = common(group[0]!, group[1]!)
      // 60 % of some 475 words; then each goes its own way.
      expect(Math.abs(same - 286)).toBeLessThan(8)
    }
    expect(new Set(all).size).toBe(all.length)
  })

  it('vary naturally: some beginnings are frequent, shares differ', () => {
    const all = texts({ cache: 'natural', prefixShare: 0.5, prefixPool: 10 }, 1500)
    const counts = new Map<string, number>()
    for (const text of all) counts.set(words(text, 5), (counts.get(words(text, 5)) ?? 0) + 1)
    const sorted = [...counts.values()].sort((a, b) => b - a)
    expect(sorted[0]! / all.length).toBeGreaterThan(0.2)
    expect(sorted[9]! / all.length).toBeLessThan(0.07)
    expect(new Set(all).size).toBe(all.length)
  })
})

describe('mix', () => {
  it('gives each application its share', () => {
    const workload = mix(configFor('chat'), { chat: 6, rag: 3, code: 1 })
    const counts: Record<string, number> = {}
    for (let n = 0; n < 5000; n++) {
      const { app } = workload.request(n)
      counts[app] = (counts[app] ?? 0) + 1
    }
    // The standard error of each share is at most 0.007.
    expect(counts['chat']! / 5000).toBeCloseTo(0.6, 1.4)
    expect(counts['rag']! / 5000).toBeCloseTo(0.3, 1.4)
    expect(counts['code']! / 5000).toBeCloseTo(0.1, 1.4)
  })

  it('needs a weight and one wire format', () => {
    expect(() => mixOf(configFor('chat'), [])).toThrow('at least one')
    expect(() => mix(configFor('chat'), { chat: 1, embeddings: 1 })).toThrow(
      '"chat" needs chat, "embeddings" embeddings',
    )
  })

  it('is read with every problem at once', () => {
    expect(parseMix('chat:40, rag=20%,code:0.5')).toEqual({
      ok: true,
      weights: { chat: 40, rag: 20, code: 0.5 },
    })
    expect(parseMix('chat:x,poetry:3,chat:1,chat:2')).toEqual({
      ok: false,
      problems: [
        expect.stringContaining('"chat:x"'),
        expect.stringContaining('no application "poetry"; accepted: chat'),
        expect.stringContaining('named twice'),
      ],
    })
    expect(parseMix('chat:0')).toMatchObject({ ok: false })
  })
})

const answer = (text: string) => ({ text, inputTokens: 500, outputTokens: 40 })

describe('conversations', () => {
  const config = configFor('chat')

  it('grow by the real answers, whatever else is running', () => {
    const workload = conversations({ ...config, turns: { kind: 'constant', value: 3 } })
    const play = () => {
      const conversation = workload.conversation(7)
      const turns = []
      for (let t = conversation.next(); t; t = conversation.next(answer(`answer ${t.turn}`)))
        turns.push(t)
      return turns
    }
    const other = workload.conversation(8)
    other.next()
    const turns = play()
    expect(play()).toEqual(turns)
    expect(turns.map((t) => t.turn)).toEqual([1, 2, 3])
    expect(turns.map((t) => t.request.messages?.map((m) => m.role).join())).toEqual([
      'user',
      'user,assistant,user',
      'user,assistant,user,assistant,user',
    ])
    expect(turns[2]!.request.messages?.[1]).toEqual({ role: 'assistant', content: 'answer 1' })
    expect(turns[2]!.request.messages?.slice(0, 3)).toEqual(turns[1]!.request.messages)
    expect(turns[0]!.thinkMs).toBe(0)
    expect(turns.slice(1).every((t) => t.thinkMs >= 500 && t.thinkMs <= 60_000)).toBe(true)
    expect(new Set(turns.map((t) => t.session)).size).toBe(1)
  })

  it('end after a turn that failed, for good', () => {
    const conversation = conversations({
      ...config,
      turns: { kind: 'constant', value: 5 },
    }).conversation(0)
    expect(conversation.next()?.turn).toBe(1)
    expect(conversation.next(undefined)).toBeUndefined()
    expect(conversation.next(answer('late'))).toBeUndefined()
  })

  it('tell the next prompt length from the counts of the last, and not without them', async () => {
    const count = server(TOKENIZERS['words']!, TEMPLATES['short'])
    const workload = conversations({ ...config, turns: { kind: 'constant', value: 4 } })
    const countTokens = counting(count)
    const calibration = await calibrate({
      frames: workload.frames,
      countTokens,
      conversations: true,
    })
    for (let n = 0; n < 20; n++) {
      const conversation = workload.conversation(n, { calibration })
      let turn = conversation.next()
      while (turn) {
        const inputTokens = count(turn.request)
        expect(withinBound(turn.inputTokens!, inputTokens)).toBe(true)
        turn = conversation.next({ text: 'one two three', inputTokens, outputTokens: 3 })
      }
    }
    const blind = workload.conversation(0, { calibration })
    blind.next()
    expect(blind.next({ text: 'x' })?.inputTokens).toBeUndefined()
  })

  it('bound the turn tag', () => {
    const conversation = conversations({
      ...config,
      turns: { kind: 'constant', value: 14 },
    }).conversation(0)
    const tags = []
    for (let t = conversation.next(); t; t = conversation.next(answer('a'))) tags.push(t.turnTag)
    expect(tags.slice(7)).toEqual(['8', '9', '10+', '10+', '10+', '10+', '10+'])
  })
})

describe('agent', () => {
  const start = () =>
    agent({
      ...configFor('agent', { ignoreEos: 'on' }),
      turns: { kind: 'constant', value: 4 },
    }).conversation(1)

  it('answers the calls that the server made', () => {
    const session = start()
    const first = session.next()!
    expect(first.request.tools).toHaveLength(3)
    expect(first.request).not.toHaveProperty('ignoreEos')
    const calls = ['a', 'b'].map((id) => ({ id, name: 'read_file', arguments: '{"path":"x"}' }))
    const second = session.next({ text: '', toolCalls: calls })!
    const added = second.request.messages!.slice(1)
    expect(added.map((m) => m.role)).toEqual(['assistant', 'tool', 'tool'])
    expect(added[0]!['tool_calls']).toMatchObject([
      { id: 'a', type: 'function', function: { name: 'read_file', arguments: '{"path":"x"}' } },
      { id: 'b' },
    ])
    expect(added.slice(1).map((m) => m['tool_call_id'])).toEqual(['a', 'b'])
    expect(second.request.tools).toEqual(first.request.tools)
  })

  it('goes on as the user where the server called nothing', () => {
    const session = start()
    session.next()
    const second = session.next({ text: 'I would read a file.' })!
    expect(second.request.messages!.map((m) => m.role)).toEqual(['user', 'assistant', 'user'])
  })
})
