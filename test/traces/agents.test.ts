import { describe, expect, it } from 'vitest'
import { parseTrace, prefixIdsOf, traceLines } from '../../lib/traces/index.ts'

const call = (t: number, ids: number[], more: object = {}) => ({
  t,
  type: 's',
  model: 'm',
  in: 64 * ids.length,
  out: 9,
  hash_ids: ids,
  ...more,
})
const spawn = (t: number, requests: object[], agent_id = 'a1') => ({
  t,
  type: 'subagent',
  agent_id,
  subagent_type: 'Explore',
  status: 'completed',
  requests,
})
const conversation = (requests: object[], more: object = {}) => ({
  id: 'c1',
  models: ['m'],
  block_size: 64,
  hash_id_scope: 'local',
  requests,
  ...more,
})

/** Rows as [s, session, app, ids]. */
function read(text: string) {
  const result = parseTrace(text)
  if (!result.ok) throw new Error(result.problems.map((one) => one.message).join('\n'))
  const { trace, report } = result
  const rows = [...trace.atMs].map((at, i) => [
    at / 1000,
    trace.sessions?.[i],
    trace.appNames[trace.apps?.[i] ?? -1],
    prefixIdsOf(trace, i),
  ])
  return { rows, trace, report }
}

describe("agents' conversations", () => {
  const inner = (t: number) => [call(t, [7]), call(t + 2, [7, 8])]

  it.each([
    ['from the spawn', inner(0)],
    ['from the start of the conversation', inner(10)],
  ])('with sub-agents whose times count %s', (_, requests) => {
    const whole = conversation([call(0, [1, 2]), spawn(10, requests), call(20.5, [1, 2, 3])])
    const { rows, trace } = read(JSON.stringify(whole, null, 2))
    expect(rows).toEqual([
      [0, 1, 'agent', [1, 2]],
      [10, 2, 'sub-agent', [3]],
      [12, 2, 'sub-agent', [3, 4]],
      [20.5, 1, 'agent', [1, 2, 5]],
    ])
    expect([...trace.inputTokens]).toEqual([128, 64, 128, 192])
    expect(trace).toMatchObject({ format: 'agents', blockTokens: 64 })
  })

  it('with sub-agents of sub-agents', () => {
    const deep = spawn(1, [call(0, [1]), spawn(2, [call(0.5, [1])], 'a2')])
    const { rows } = read(JSON.stringify(conversation([call(0, [1]), deep])))
    expect(rows.map(([at, session]) => [at, session])).toEqual([
      [0, 1],
      [1, 2],
      [3.5, 3],
    ])
  })

  it('keep their blocks apart, unless these are shared by all', () => {
    const two = (scope: string) =>
      ['a', 'b']
        .map((id) => JSON.stringify(conversation([call(0, [1])], { id, hash_id_scope: scope })))
        .join('\n')
    const local = read(two('local'))
    expect(local.rows.map(([, session, , ids]) => [session, ids])).toEqual([
      [1, [1]],
      [2, [2]],
    ])
    expect(local.report.assumed).toContain(
      '2 conversations begin together: each counts from its start',
    )
    expect(read(two('global')).rows.map(([, , , ids]) => ids)).toEqual([[1], [1]])
  })

  it('are converted to our own format and back', () => {
    const { rows, trace } = read(JSON.stringify(conversation([call(0, [1]), call(3, [1, 2])])))
    expect(read([...traceLines(trace)].join('')).rows).toEqual(rows)
  })

  it.each<[string, object, RegExp]>([
    [
      'another scope',
      conversation([call(0, [1])], { hash_id_scope: 'team' }),
      /hash_id_scope is "team"/,
    ],
    ['another kind of request', conversation([{ t: 0, type: 'x' }]), /type "x"; accepted: n, s/],
    ['no request', conversation([null as unknown as object]), /a request of type/],
    ['no length', conversation([call(0, [1], { in: undefined })]), /^in is missing/],
    ['no time', conversation([call(0, [1], { t: undefined })]), /^t is ""; accepted/],
  ])('with %s are refused', (_, given, message) => {
    const result = parseTrace(JSON.stringify(given))
    expect(result.ok ? '' : result.problems[0]?.message).toMatch(message)
  })

  it('nested without end are refused', () => {
    let entry: object = call(0, [1])
    for (let i = 0; i < 1000; i++) entry = spawn(0, [entry])
    const result = parseTrace(JSON.stringify(conversation([entry])))
    expect(result.ok ? '' : result.problems[0]?.message).toMatch(/nested more than 16 deep/)
  })
})
