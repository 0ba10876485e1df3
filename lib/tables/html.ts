/** Text for HTML content and attributes in double quotes. */
export function html(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

/**
 * JSON for a `<script type="application/json">`: no `<` that could end the element, and none of the
 * line ends that JSON allows where older JavaScript does not.
 */
export function scriptJson(data: unknown): string {
  return JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A table; cells are plain text. The first `left` columns are texts, the others figures. */
export function grid(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  left: number,
  rowClass: (i: number) => string = () => '',
): string {
  const cell = (tag: 'th' | 'td', text: string, i: number) =>
    `<${tag}${i < left ? '' : ' class="n"'}>${html(text)}</${tag}>`
  const line = (tag: 'th' | 'td', cells: readonly string[], of: string) =>
    `<tr${of === '' ? '' : ` class="${of}"`}>${cells.map((c, i) => cell(tag, c, i)).join('')}</tr>`
  return (
    `<div class="scroll"><table><thead>${line('th', heading, '')}</thead>` +
    `<tbody>${rows.map((row, i) => line('td', row, rowClass(i))).join('')}</tbody></table></div>`
  )
}
