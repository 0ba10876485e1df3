import { shown } from './problems.ts'

type Fields = Record<string, unknown>

/** Deeper sub-agents of sub-agents are a mistake or an attack. */
const DEEPEST = 16
const SCOPES: readonly unknown[] = ['local', 'global', undefined]

/**
 * Reader of agents' conversations, as WEKA's kv-cache-tester and the AgentX sets have them: one object
 * each, with requests (`type` `n` or `s`) and sub-agents (`type` `subagent`, with requests of their own).
 * https://github.com/callanjfox/kv-cache-tester, docs/trace_replay_tester.md
 *
 * Gives the requests of each as rows, times counted from its start. Sub-agents are
 * conversations of their own. Requests wait for tools and sub-agents as long as they did.
 *
 * Times of a sub-agent count from its spawn or from the conversation's start, as the writer had it: from
 * the spawn where one lies before it. Block ids are the conversation's own unless its scope is `global`.
 * @param blockTokens size of the blocks of the first conversation, which all must have
 * @returns rows, or what is wrong with the conversation
 */
export function agentRows(blockTokens: number | undefined) {
  const idOf = blockNumbers()
  let conversations = 0

  return (object: Fields): Fields[] | string => {
    const { id, requests, hash_id_scope: scope, block_size: size } = object
    if (!Array.isArray(requests)) return 'requests is missing; needed: a list'
    if (size !== blockTokens) return `block_size is ${shown(size)}, ${blockTokens} in those before`
    if (!SCOPES.includes(scope))
      return `hash_id_scope is ${shown(scope)}; accepted: local and global`
    const name = typeof id === 'string' && id !== '' ? id : `conversation ${conversations}`
    const space = scope === 'global' ? '' : String(conversations)
    conversations++
    const fromSpawn = countsFromSpawn(requests, 0)
    const rows: Fields[] = []

    const walk = (
      list: unknown[],
      session: string,
      offset: number,
      depth: number,
    ): string | undefined => {
      if (depth > DEEPEST) return `sub-agents are nested more than ${DEEPEST} deep`
      for (const entry of list as Fields[]) {
        const { type, t } = entry ?? {}
        if (type === 'n' || type === 's') {
          const at = typeof t === 'number' ? t + offset : t
          const ids = entry['hash_ids']
          const own = Array.isArray(ids) ? ids.map((one: unknown) => idOf(space, one)) : ids
          const app = depth === 0 ? 'agent' : 'sub-agent'
          rows.push({ t: at, in: entry['in'], out: entry['out'], hash_ids: own, session, app })
        } else if (type === 'subagent' && Array.isArray(entry['requests'])) {
          const spawn = fromSpawn && typeof t === 'number' ? t + offset : offset
          const child = `${session}/${String(entry['agent_id'] ?? rows.length)}`
          const wrong = walk(entry['requests'], child, spawn, depth + 1)
          if (wrong !== undefined) return wrong
        } else {
          return `a request of type ${shown(type)}; accepted: n, s, and subagent with requests`
        }
      }
      return undefined
    }
    return walk(requests, name, 0, 0) ?? rows
  }
}

/** Whether any sub-agent begins, by its own times, before it was spawned. */
function countsFromSpawn(list: unknown[], depth: number): boolean {
  if (depth > DEEPEST) return false
  return (list as Fields[]).some((entry) => {
    const inner = entry?.['type'] === 'subagent' ? entry['requests'] : undefined
    if (!Array.isArray(inner)) return false
    const first = (inner as Fields[])[0]?.['t']
    return Number(first) < Number(entry['t']) || countsFromSpawn(inner, depth + 1)
  })
}

/** Block ids as numbers that differ between conversations; what is no id stays as it is. */
function blockNumbers() {
  const known = new Map<string, number>()
  return (space: string, id: unknown): unknown => {
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) return id
    const key = `${space}:${id}`
    let number = known.get(key)
    if (number === undefined) known.set(key, (number = known.size + 1))
    return number
  }
}
