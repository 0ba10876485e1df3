import { BLOCKS, INCLUDED, MARKS, NUMBERS, REPEATED } from './marks.ts'
import type { Entry, Node } from './merge.ts'

/**
 * Writes a manifest in all its forms as a template of Helm.
 * @param node a map
 */
export function templateOf(node: Node): string {
  return `${linesOf(node, 0).join('\n')}\n`
}

const pad = (indent: number) => ' '.repeat(indent)

function linesOf(node: Node, indent: number): string[] {
  if (node.kind === 'scalar') return [pad(indent) + scalarOf(node)]
  if (node.entries.length === 0) return [pad(indent) + (node.kind === 'map' ? '{}' : '[]')]
  return byCondition(node.entries).flatMap(({ when, entries }) => {
    const write = node.kind === 'map' ? fieldOf : itemOf
    const lines = entries.flatMap((entry) => write(entry, indent))
    return when === undefined ? lines : within(`if ${when}`, lines, indent)
  })
}

/** Neighbours with the same condition share it. A block has its own. */
function byCondition(entries: readonly Entry[]): { when: string | undefined; entries: Entry[] }[] {
  const groups: { when: string | undefined; entries: Entry[] }[] = []
  for (const entry of entries) {
    const when = isBlock(entry) ? undefined : entry.when
    const last = groups.at(-1)
    if (last !== undefined && last.when === when) last.entries.push(entry)
    else groups.push({ when, entries: [entry] })
  }
  return groups
}

/** Directives that take the line break before them along, so that nothing is left of them. */
function within(directive: string, lines: readonly string[], indent: number): string[] {
  return [`${pad(indent)}{{- ${directive} }}`, ...lines, `${pad(indent)}{{- end }}`]
}

function fieldOf({ key, node }: Entry, indent: number): string[] {
  if (key in BLOCKS) {
    const value = `${pad(indent)}{{- toYaml . | nindent ${indent} }}`
    return within(`with ${BLOCKS[key]}`, [value], indent)
  }
  const name = /^[\w./-]+$/.test(key) ? key : JSON.stringify(key)
  const block = blockOf(node)
  if (block !== undefined) {
    const value = `${pad(indent + 2)}{{- toYaml . | nindent ${indent + 2} }}`
    return within(`with ${BLOCKS[block]}`, [`${pad(indent)}${name}:`, value], indent)
  }
  const included = node.kind === 'scalar' ? INCLUDED[String(node.plain)] : undefined
  if (included !== undefined) {
    const text = `{{- include "${included}" $ | nindent ${indent + 2} }}`
    return [`${pad(indent)}${name}: |`, pad(indent + 2) + text]
  }
  if (node.kind === 'scalar' || node.entries.length === 0) {
    return [`${pad(indent)}${name}: ${linesOf(node, 0)[0]}`]
  }
  return [`${pad(indent)}${name}:`, ...linesOf(node, indent + 2)]
}

function itemOf({ node }: Entry, indent: number): string[] {
  const [first = '', ...rest] = linesOf(node, indent + 2)
  const lines = [`${pad(indent)}- ${first.trimStart()}`, ...rest]
  const repeated = repeatedBy(node)
  return repeated === undefined ? lines : within(REPEATED[repeated]!, lines, indent)
}

/** The mark in an item, or in a field of it, not deeper. */
function repeatedBy(node: Node): string | undefined {
  const fields = node.kind === 'scalar' ? [node] : node.entries.map((entry) => entry.node)
  return Object.keys(REPEATED).find((mark) =>
    fields.some((field) => field.kind === 'scalar' && String(field.plain).includes(mark)),
  )
}

/** The mark of which a field consists: the only key of a map, or the first value of a list's only item. */
function blockOf(node: Node): string | undefined {
  if (node.kind === 'scalar' || node.entries.length !== 1) return undefined
  const [only] = node.entries
  if (node.kind === 'map') return only!.key in BLOCKS ? only!.key : undefined
  const item = only!.node
  const first = item.kind === 'map' ? item.entries[0]?.node : undefined
  const mark = first?.kind === 'scalar' ? String(first.plain) : ''
  return mark in BLOCKS ? mark : undefined
}

const isBlock = ({ key, node }: Entry) => key in BLOCKS || blockOf(node) !== undefined

function scalarOf({ plain, others }: Node & { kind: 'scalar' }): string {
  const added = others.map(({ when, value }) => {
    const more = String(value).startsWith(String(plain)) && typeof plain === 'string'
    return more ? `{{ if ${when} }}${String(value).slice(plain.length)}{{ end }}` : undefined
  })
  if (others.length > 0 && added.every((text) => text !== undefined)) {
    return quoted(String(plain)).replace(/"$/, () => `${added.join('')}"`)
  }
  const chain = others.map(({ when, value }) => `if ${when} }}${textOf(value)}{{ else `).join('')
  return chain === '' ? textOf(plain) : `{{ ${chain.replace(/ $/, '')} }}${textOf(plain)}{{ end }}`
}

function textOf(value: unknown): string {
  if (typeof value === 'number') {
    return value in NUMBERS ? `{{ int ${NUMBERS[value]} }}` : String(value)
  }
  if (typeof value !== 'string') return JSON.stringify(value)
  if (value in MARKS) return `{{ ${MARKS[value]} | quote }}`
  return quoted(value)
}

/** JSON's quotes are YAML's, too. */
function quoted(text: string): string {
  const plain =
    /^[A-Za-z/][\w./ -]*$/.test(text) && !/^(on|off|yes|no|y|n|true|false|null)$/i.test(text)
  if (plain) return text
  return JSON.stringify(text).replace(/@\w+@/g, (mark) => `{{ ${MARKS[mark] ?? mark} }}`)
}
