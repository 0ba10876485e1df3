/** Every way that a parser test feeds its input: whole, byte by byte, cut in two at every place. */
export function everySplit(input: string): string[][] {
  const ways = [[input], input.split('')]
  for (let at = 1; at < input.length; at++) ways.push([input.slice(0, at), input.slice(at)])
  return ways
}

/** Cuts `input` at the given places (any order, any number). */
export function cutAt(input: string, places: readonly number[]): string[] {
  const at = [...new Set(places.map((place) => place % (input.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, i) => input.slice(from, at[i] ?? input.length))
}
