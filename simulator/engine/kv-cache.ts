import type { BlockKey } from './types.ts'

/**
 * Paged KV cache with prefix caching, as vLLM's block pool does it: blocks that nobody uses keep
 * their content until they are needed, the least recently freed goes first.
 */
export interface KvCache {
  /** How many of the leading `keys` are cached. */
  match(keys: readonly BlockKey[], limit: number): number
  /** Takes the first `count` blocks of `keys` (all cached) into use, appended to `held`. */
  share(keys: readonly BlockKey[], count: number, held: number[]): void
  /** Takes `count` empty blocks, appended to `held`; false (and nothing taken) when too few. */
  allocate(count: number, held: number[]): boolean
  /** Blocks that could be taken now, cached ones without a user included. */
  free(): number
  /** Of these blocks, how many have no user (so that sharing them uses up free ones). */
  unusedAmong(keys: readonly BlockKey[], count: number): number
  /** Gives a computed block its content's key, so that others can share it. */
  publish(block: number, key: BlockKey): void
  /** Gives back all of `held` and empties it. */
  release(held: number[]): void
  /** Blocks in use / all blocks. */
  usage(): number
}

/** @param capacity number of blocks */
export function createKvCache(capacity: number): KvCache {
  const users = new Int32Array(capacity)
  const keyOf = new Array<BlockKey | undefined>(capacity).fill(undefined)
  const blockOf = new Map<BlockKey, number>()
  // Unused blocks in a doubly linked list (slot `capacity` is its anchor): O(1) to take one out of
  // the middle when a cached block is shared again.
  const next = new Int32Array(capacity + 1)
  const prev = new Int32Array(capacity + 1)
  for (let i = 0; i <= capacity; i++) {
    next[i] = i === capacity ? 0 : i + 1
    prev[i] = i === 0 ? capacity : i - 1
  }
  let unused = capacity

  function unlink(block: number): void {
    const before = prev[block]!
    const after = next[block]!
    next[before] = after
    prev[after] = before
    unused--
  }
  function append(block: number): void {
    const last = prev[capacity]!
    next[last] = block
    prev[block] = last
    next[block] = capacity
    prev[capacity] = block
    unused++
  }
  function blockFor(key: BlockKey): number {
    const block = blockOf.get(key)
    if (block === undefined) throw new Error(`block key ${key} is not cached`)
    return block
  }

  return {
    match(keys, limit) {
      const most = Math.min(keys.length, limit)
      let count = 0
      while (count < most && blockOf.has(keys[count]!)) count++
      return count
    },
    share(keys, count, held) {
      for (let i = 0; i < count; i++) {
        const block = blockFor(keys[i]!)
        if (users[block] === 0) unlink(block)
        users[block] = users[block]! + 1
        held.push(block)
      }
    },
    allocate(count, held) {
      if (count > unused) return false
      for (let i = 0; i < count; i++) {
        const block = next[capacity]!
        unlink(block)
        const key = keyOf[block]
        if (key !== undefined) {
          blockOf.delete(key)
          keyOf[block] = undefined
        }
        users[block] = 1
        held.push(block)
      }
      return true
    },
    free: () => unused,
    unusedAmong(keys, count) {
      let found = 0
      for (let i = 0; i < count; i++) if (users[blockFor(keys[i]!)] === 0) found++
      return found
    },
    publish(block, key) {
      // Two requests may compute the same prefix side by side: the first copy is the shared one.
      if (keyOf[block] !== undefined || blockOf.has(key)) return
      keyOf[block] = key
      blockOf.set(key, block)
    },
    release(held) {
      // Last block first: the end of a prompt is evicted before its (likelier shared) beginning.
      for (let i = held.length - 1; i >= 0; i--) {
        const block = held[i]!
        users[block] = users[block]! - 1
        if (users[block] === 0) append(block)
      }
      held.length = 0
    },
    usage: () => (capacity - unused) / capacity,
  }
}
