import type { Run } from '../runs/index.ts'

/**
 * What runs are called in titles and legends, by their names: the addresses that were asked, where these
 * tell the sides apart, with the last part of the path of each repeat; else the last parts of their paths, as many
 * as it takes.
 * @param sides the runs of each side
 */
export function labelsOf(sides: readonly (readonly Run[])[]): ReadonlyMap<string, string> {
  const addresses = sides.map((side) => new Set(side.map(addressOf)))
  const single = addresses.every((set) => set.size === 1 && !set.has(undefined))
  const apart = new Set(addresses.flatMap((set) => [...set])).size === sides.length
  const names = sides.map((side) => side.map(({ name }) => name))
  if (!single || !apart) return shortest(names.flat())
  const labels = sides.flatMap((side, i) => {
    const repeats = shortest(names[i] ?? [])
    return side.map((run): [string, string] => {
      const address = addressOf(run) as string
      return [run.name, side.length === 1 ? address : `${address} ${repeats.get(run.name)}`]
    })
  })
  return new Map(labels)
}

/** The last parts of paths, as many as tell them apart. */
function shortest(names: readonly string[]): ReadonlyMap<string, string> {
  const parts = names.map((name) => name.split(/[\\/]/).filter((part) => part !== ''))
  const most = Math.max(1, ...parts.map((own) => own.length))
  for (let n = 1; n < most; n++) {
    const short = parts.map((own) => own.slice(-n).join('/'))
    if (new Set(short).size === new Set(names).size) {
      return new Map(names.map((name, i) => [name, short[i] as string]))
    }
  }
  return new Map(names.map((name) => [name, name]))
}

/** Without its scheme and path: `localhost:8000`. */
function addressOf({ report }: Run): string | undefined {
  const endpoint = report.environment.config['endpoint'] as { baseUrl?: unknown } | undefined
  const url = endpoint?.baseUrl
  return typeof url === 'string' ? url.replace(/^[a-z]+:\/\//, '').replace(/\/.*$/, '') : undefined
}
