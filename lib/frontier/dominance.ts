import type { AxisInfo, Measured, Standing } from './types.ts'

type Better = Pick<AxisInfo, 'better'>
/** The values of a configuration, one for each axis. */
type Values = readonly Measured[]

/** How far one configuration is ahead of another. */
type Lead = 'certain' | 'measured' | 'none'

/**
 * Whether one configuration dominates another: it is better on one axis and no worse on any. Certain only where the
 * worse end of its interval is at least as good as the better end of the other's, on every axis.
 */
export function leadOf(axes: readonly Better[], one: Values, other: Values): Lead {
  const ahead = (of: (axis: number) => readonly [number | null, number | null]) => {
    const gains = axes.map(({ better }, i) => {
      const [mine, theirs] = of(i)
      if (mine === null || theirs === null) return NaN
      return better === 'higher' ? mine - theirs : theirs - mine
    })
    return gains.every((gain) => gain >= 0) && gains.some((gain) => gain > 0)
  }
  if (!ahead((i) => [one[i]!.value, other[i]!.value])) return 'none'
  const certain = ahead((i) => {
    const up = axes[i]!.better === 'higher'
    return up ? [one[i]!.low, other[i]!.high] : [one[i]!.high, other[i]!.low]
  })
  return certain ? 'certain' : 'measured'
}

/** How each of several configurations stands, and which others are ahead of it. */
export function standings(
  axes: readonly Better[],
  all: readonly { readonly name: string; readonly out: boolean; readonly values: Values }[],
): { standing: Standing; behind: string[] }[] {
  const known = ({ values }: { values: Values }) => values.every(({ value }) => value !== null)
  return all.map((own) => {
    if (own.out) return { standing: 'out', behind: [] }
    if (!known(own)) return { standing: 'no_value', behind: [] }
    // What breaks a limit is no choice, so it leads nobody.
    const leads = all
      .filter((other) => other !== own && !other.out && known(other))
      .map(({ name, values }) => ({ name, lead: leadOf(axes, values, own.values) }))
    const by = (lead: Lead) => leads.filter((one) => one.lead === lead).map(({ name }) => name)
    const [certain, measured] = [by('certain'), by('measured')]
    if (certain.length > 0) return { standing: 'dominated', behind: certain }
    return measured.length > 0
      ? { standing: 'open', behind: measured }
      : { standing: 'front', behind: [] }
  })
}
