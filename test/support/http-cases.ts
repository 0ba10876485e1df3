export interface HttpCase {
  title: string
  steps: { kind: 'bytes' | 'eof' | 'next'; bytes: string }[]
  log: string[]
}

/** Reads the cases of a Markdown file: see the head of test/http/response.md. */
export function parseHttpCases(markdown: string): HttpCase[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const title = section.slice(0, section.indexOf('\n'))
      return { title, steps: steps(block(section, 'http')), log: block(section, 'log') }
    })
}

function block(section: string, name: string): string[] {
  const found = new RegExp(`\`\`\`${name}\\n([^]*?)\`\`\``).exec(section)
  if (found === null) throw new Error(`no ${name} block in: ${section.slice(0, 40)}`)
  return found[1]!.split('\n').slice(0, -1)
}

function steps(lines: string[]): HttpCase['steps'] {
  const found: HttpCase['steps'] = []
  let bytes = ''
  const flush = () => {
    if (bytes !== '') found.push({ kind: 'bytes', bytes })
    bytes = ''
  }
  for (const line of lines) {
    if (line === '<eof>' || line === '<next>') {
      flush()
      found.push({ kind: line === '<eof>' ? 'eof' : 'next', bytes: '' })
    } else bytes += line.endsWith('\\') ? unescape_(line.slice(0, -1)) : `${unescape_(line)}\r\n`
  }
  flush()
  return found
}

function unescape_(line: string): string {
  return line.replace(/\\(n|r|t|x[0-9a-f]{2})/g, (_, code: string) =>
    code === 'n'
      ? '\n'
      : code === 'r'
        ? '\r'
        : code === 't'
          ? '\t'
          : String.fromCharCode(parseInt(code.slice(1), 16)),
  )
}
