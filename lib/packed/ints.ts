const MOST = Number.MAX_SAFE_INTEGER

/**
 * Whole numbers as text of fixed width in base 36, minus the smallest of them: `base.width.digits`.
 *
 * Why text: an element of k6's SharedArray is JSON that is parsed at every access. A string parses at
 * the speed of a copy and takes one byte per character, while an array of numbers costs one boxed value
 * each. Why fixed width: the n-th number is found without reading those before it, so a VU that
 * needs one row of a chunk decodes only that row. A column of equal values takes no digits at all.
 */
export function packInts(values: ArrayLike<number>, from = 0, to = values.length): string {
  let min = Infinity
  let max = -Infinity
  for (let i = from; i < to; i++) {
    const value = values[i] as number
    if (!(value % 1 === 0 && value <= MOST && value >= -MOST))
      throw new RangeError(`not a whole number: ${value} at ${i}`)
    if (value < min) min = value
    if (value > max) max = value
  }
  if (to <= from) return '0.0.'
  if (max - min > MOST) throw new RangeError(`too far apart: ${min} and ${max}`)
  const width = max === min ? 0 : (max - min).toString(36).length
  // Joined at the end: k6's engine would copy the whole string at each +=.
  const digits: string[] = []
  if (width > 0) {
    // A 1 before the digits keeps leading zeros; padStart would be a second call.
    const lead = 36 ** width
    const exact = Number.isSafeInteger(lead + max - min)
    for (let i = from; i < to; i++) {
      const value = (values[i] as number) - min
      digits.push(
        exact ? (value + lead).toString(36).slice(1) : value.toString(36).padStart(width, '0'),
      )
    }
  }
  return `${min.toString(36)}.${width}.${digits.join('')}`
}

/** Reads a `packInts` text that starts at `start`; an index beyond the end is not detected. */
export function intsReader(packed: string, start = 0): (index: number) => number {
  const dot = packed.indexOf('.', start)
  const second = packed.indexOf('.', dot + 1)
  const base = parseInt(packed.slice(start, dot), 36)
  const width = Number(packed.slice(dot + 1, second))
  if (!(width >= 0) || Number.isNaN(base)) throw new Error('not a packed column of numbers')
  if (width === 0) return () => base
  const first = second + 1
  return (index) => {
    const at = first + index * width
    return base + parseInt(packed.substring(at, at + width), 36)
  }
}

/** Lists of whole numbers (block ids per row): where each list ends, `|`, then all values in sequence. */
export function packLists(lists: ListsInput, from: number, to: number): string {
  const start = from === 0 ? 0 : (lists.ends[from - 1] as number)
  const ends: number[] = []
  for (let i = from; i < to; i++) ends.push((lists.ends[i] as number) - start)
  return `${packInts(ends)}|${packInts(lists.values, start, start + (ends[ends.length - 1] ?? 0))}`
}

/** All lists of a column: the values in sequence, and where the list of each row ends. */
export interface ListsInput {
  ends: ArrayLike<number>
  values: ArrayLike<number>
}

/** Reads a `packLists` text: the list at an index. */
export function listsReader(packed: string): (index: number) => number[] {
  const ends = intsReader(packed)
  const values = intsReader(packed, packed.indexOf('|') + 1)
  return (index) => {
    const list: number[] = []
    const to = ends(index)
    for (let i = index === 0 ? 0 : ends(index - 1); i < to; i++) list.push(values(i))
    return list
  }
}
