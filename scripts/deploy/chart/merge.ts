/** What a field is with one option of the chart, or without any. `when` is the condition, as Helm writes it. */
export interface Variant {
  /** Undefined for the plain form. */
  when: string | undefined
  value: unknown
}

/** A manifest in all its forms at once. */
export type Node =
  | { kind: 'map' | 'list'; entries: Entry[] }
  /** The same in all forms, or one of several by their conditions. */
  | { kind: 'scalar'; plain: unknown; others: { when: string; value: unknown }[] }

export interface Entry {
  /** Of a map. */
  key: string
  node: Node
  /** Undefined: always there. */
  when: string | undefined
}

/** A form in which the field is not there. */
const ABSENT = Symbol('absent')

/**
 * Puts the forms of a manifest into one: each part is there when one of the options that bring it is set,
 * and none that takes it away. So options must not change the same part in different ways, unless they
 * exclude each other; a test renders the chart with many of them and compares.
 *
 * @param variants the plain form first, then that of each option alone
 */
export function merged([plain, ...others]: readonly [Variant, ...Variant[]]): Node {
  const differing = others.filter(({ value }) => !same(value, plain.value))
  const forms = [plain, ...differing].map(({ value }) => value).filter((value) => value !== ABSENT)
  if (forms.every(isMap) || forms.every(Array.isArray)) {
    const kind = Array.isArray(forms[0]) ? 'list' : 'map'
    const parts = [plain, ...differing].map(({ when, value }) => ({ when, of: partsOf(value) }))
    const entries = unionOf(parts.map(({ of }) => [...of.keys()])).map((key) => {
      const [own, ...rest] = parts.map(({ when, of }) => ({
        when,
        value: of.has(key) ? of.get(key) : ABSENT,
      }))
      return { key, node: merged(withForm([own!, ...rest])), when: conditionOf(own!, rest) }
    })
    return { kind, entries }
  }
  return {
    kind: 'scalar',
    plain: plain.value,
    others: differing as { when: string; value: unknown }[],
  }
}

/** A part that only options bring is what each of them puts into it; one that brings it alone, its plain form. */
function withForm([plain, ...others]: [Variant, ...Variant[]]): [Variant, ...Variant[]] {
  const there = others.filter(({ value }) => value !== ABSENT)
  if (plain.value !== ABSENT) return [plain, ...there]
  const [first] = there
  if (there.every(({ value }) => same(value, first!.value))) return [{ ...first!, when: undefined }]
  return [{ when: undefined, value: Array.isArray(first!.value) ? [] : {} }, ...there]
}

function conditionOf(plain: Variant, others: readonly Variant[]): string | undefined {
  const wanted = plain.value === ABSENT
  const named = others.filter(({ value }) => (value === ABSENT) !== wanted)
  const any = anyOf(named.map(({ when }) => when!))
  if (wanted) return any
  return any === undefined ? undefined : `not ${any.includes(' ') ? `(${any})` : any}`
}

function anyOf(conditions: readonly string[]): string | undefined {
  return conditions.length < 2 ? conditions[0] : `or ${conditions.join(' ')}`
}

/** Items of a list are known by their name, others by what they are. */
function partsOf(value: unknown): Map<string, unknown> {
  if (value === ABSENT) return new Map()
  if (!Array.isArray(value)) return new Map(Object.entries(value as object))
  return new Map(
    value.map((item: unknown) => {
      const name = isMap(item) ? item['name'] : undefined
      return [typeof name === 'string' ? name : JSON.stringify(item), item]
    }),
  )
}

/** All keys: those of the first list in their order, others behind the one that they follow where they stand. */
function unionOf(lists: readonly (readonly string[])[]): string[] {
  const first = new Set(lists[0])
  const all: string[] = []
  for (const keys of lists) {
    let at = 0
    for (const key of keys) {
      const found = all.indexOf(key)
      if (found < 0) {
        while (at < all.length && !first.has(all[at]!)) at++
        all.splice(at, 0, key)
      }
      at = (found < 0 ? at : found) + 1
    }
  }
  return all
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function same(a: unknown, b: unknown): boolean {
  return a === b || (a !== ABSENT && b !== ABSENT && JSON.stringify(a) === JSON.stringify(b))
}
