/** The value of a variable of the stylesheet, in the theme that is shown. */
export function style(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}
