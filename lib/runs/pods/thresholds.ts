/** k6's threshold, e.g. `p(95)<=800` (metrics/thresholds_parser.go). */
const EXPRESSION =
  /^\s*(avg|min|max|med|count|rate|value|p\(\d+(?:\.\d+)?\))\s*(===|==|!=|<=|<|>=|>)\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*$/

const OPERATORS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '==': (value, limit) => value === limit,
  '===': (value, limit) => value === limit,
  '!=': (value, limit) => value !== limit,
}

/**
 * Whether a threshold holds over all pods.
 *
 * @param verdicts of the pods, each over its own part
 * @param values statistics of the whole, by k6's names, as far as they are exact
 * @param isShare whether `rate` is a share (of a Rate) rather than a count per second
 * @returns null where the pods' verdicts leave it open
 */
export function wholeVerdict(
  expression: string,
  verdicts: readonly (boolean | null)[],
  values: Readonly<Record<string, number>>,
  isShare: boolean,
): boolean | null {
  const [, stat = '', operator = '', limit = ''] = EXPRESSION.exec(expression) ?? []
  const value = values[stat]
  if (value !== undefined) return OPERATORS[operator]!(value, Number(limit))
  const every = verdicts.every((ok) => ok === true)
  const none = verdicts.every((ok) => ok === false)
  const some = verdicts.some((ok) => ok === true)
  const one = verdicts.some((ok) => ok === false)
  const above = operator.startsWith('>')
  const below = operator.startsWith('<')
  if (!above && !below) return null
  // The whole's statistic follows from those of its parts:
  switch (stat) {
    case 'max': // the largest
      return above ? (some ? true : none ? false : null) : every ? true : one ? false : null
    case 'min': // the smallest
      return below ? (some ? true : none ? false : null) : every ? true : one ? false : null
    case 'count': // at least each
      return grows(above, some, one)
    case 'rate':
      if (!isShare) return grows(above, some, one)
      break
    case 'value': // the last, of whichever pod
      break
  }
  // Between the least and the greatest of the parts: means, shares, and (except for the width of k6's
  // interpolation between two values) percentiles.
  return every ? true : none ? false : null
}

function grows(above: boolean, some: boolean, one: boolean): boolean | null {
  if (above) return some ? true : null
  return one ? false : null
}
