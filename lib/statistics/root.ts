/**
 * Where a continuous function crosses 0, by Chandrupatla's method ("A new hybrid quadratic/bisection
 * algorithm for finding the zero of a nonlinear function", 1997): as safe as bisection, in a fifth of its
 * steps.
 * @param from f(from) and f(to) differ in sign, or one of them is 0
 * @param within how close is close enough
 */
export function rootOf(f: (x: number) => number, from: number, to: number, within: number): number {
  let [a, b] = [to, from]
  let [fa, fb] = [f(a), f(b)]
  let [c, fc] = [a, fa]
  let share = 0.5
  for (let i = 0; i < 200; i++) {
    const x = a + share * (b - a)
    const fx = f(x)
    if (Math.sign(fx) === Math.sign(fa)) [c, fc] = [a, fa]
    else [c, b, fc, fb] = [b, a, fb, fa]
    ;[a, fa] = [x, fx]
    const best = Math.abs(fa) < Math.abs(fb) ? a : b
    const tolerance = within / Math.abs(b - c)
    if (tolerance > 0.5 || fa === 0 || fb === 0) return fa === 0 ? a : fb === 0 ? b : best
    const xi = (a - b) / (c - b)
    const phi = (fa - fb) / (fc - fb)
    const inside = phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi
    const bent = (fa / (fb - fa)) * (fc / (fb - fc))
    const rest = ((c - a) / (b - a)) * (fa / (fc - fa)) * (fb / (fc - fb))
    share = inside ? bent + rest : 0.5
    share = Math.min(1 - tolerance, Math.max(tolerance, share))
  }
  return a
}
