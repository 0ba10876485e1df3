/** The same input as it can arrive: whole, and either byte by byte or cut at random. */
export function waysToCut(input: string, random: () => number): [string[], string[]] {
  return [[input], random() < 0.25 ? input.split('') : cutAtRandom(input, random)]
}

function cutAtRandom(input: string, random: () => number): string[] {
  const pieces: string[] = []
  let at = 0
  while (at < input.length) {
    const to = at + 1 + Math.floor(random() ** 3 * 200)
    pieces.push(input.slice(at, to))
    at = to
  }
  return pieces
}

/** @throws Error when two readings of one input differ, with what each has read */
export function sameReading(name: string, readings: readonly unknown[]): void {
  const [first, ...others] = readings.map((one) => JSON.stringify(one))
  for (const other of others) {
    if (other !== first)
      throw new Error(`${name} depends on how it arrives:\n${short(first)}\n${short(other)}`)
  }
}

const short = (text: string | undefined) => text?.slice(0, 1500)
