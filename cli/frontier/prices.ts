import type { FigureLimit, Price } from '../../lib/frontier/index.ts'

/** For `parseArgs`: what a configuration costs. */
export const PRICE_OPTIONS = {
  hour: { type: 'string', multiple: true, default: [] as string[] },
  tokens: { type: 'string', multiple: true, default: [] as string[] },
  currency: { type: 'string', default: 'USD' },
} as const

export const PRICE_HELP = `  --hour [NAME=]P      price of an hour of all that served a run; without NAME, of every run
  --tokens [NAME=]IN,OUT[,CACHED]
                       price of a million tokens (cached input: as input)
  --currency NAME      currency of all prices (USD)`

const NUMBER = /^\d+(\.\d+)?$/

/**
 * The prices of configurations by name.
 * @param problems gets one line for each that cannot be used
 */
export function pricesOf(
  values: { readonly hour: readonly string[]; readonly tokens: readonly string[] },
  names: readonly string[],
  problems: string[],
): Map<string, Price> {
  const prices = new Map<string, Price>()
  const add = (
    option: 'hour' | 'tokens',
    text: string,
    read: (text: string) => Price | undefined,
  ) => {
    const [, name, given = text] = /^([\w.-]+)=(.*)$/s.exec(text) ?? []
    const price = read(given)
    if (price === undefined) {
      const accepted =
        option === 'hour' ? 'a price such as 2.5' : 'two or three prices such as 0.5,1.5'
      problems.push(`--${option} ${text}: accepted: ${accepted}, with NAME= for one result`)
      return
    }
    if (name !== undefined && !names.includes(name)) {
      problems.push(
        `--${option} ${text}: no result is named ${name}; there are ${names.join(', ')}`,
      )
      return
    }
    for (const one of name === undefined ? names : [name]) {
      if (prices.has(one)) problems.push(`--${option} ${text}: ${one} has a price already`)
      prices.set(one, price)
    }
  }
  for (const text of values.hour) add('hour', text, hourPrice)
  for (const text of values.tokens) add('tokens', text, tokenPrice)
  return prices
}

function hourPrice(text: string): Price | undefined {
  return NUMBER.test(text) ? { kind: 'hour', perHour: Number(text) } : undefined
}

function tokenPrice(text: string): Price | undefined {
  const parts = text.split(',')
  if (parts.length < 2 || parts.length > 3 || !parts.every((part) => NUMBER.test(part))) {
    return undefined
  }
  const [input = 0, output = 0, cached] = parts.map(Number)
  return { kind: 'tokens', perMillion: { input, output, cached } }
}

/** A limit such as `quality=90%`. @param problems gets a line where it cannot be used */
export function limitOf(text: string, problems: string[]): FigureLimit | undefined {
  const [, id, digits, percent] = /^(\w+)=(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? []
  if (id === undefined || digits === undefined) {
    problems.push(
      `--limit ${text}: accepted: a figure and a value, such as ttft_p95=800 or quality=90%`,
    )
    return undefined
  }
  return { id, limit: Number(digits) / (percent === '%' ? 100 : 1) }
}
