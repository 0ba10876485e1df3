import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { main } from '../../cli/main.ts'
import { parseConfig } from '../../lib/config/index.ts'
import { filesBelow, textOf } from '../support/sources.ts'
import { DOCUMENTED, PAGES, programOf, type Documented } from './documented.ts'
import { commandsOf } from './shell.ts'

const workflows = filesBelow('docs/examples').filter((file) => file.endsWith('.yml'))
const scenarios = readdirSync(new URL('../../scenarios', import.meta.url)).map((file) =>
  file.replace(/\.ts$/, ''),
)
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }

/** Programs whose command lines are not ours to know. */
const FOREIGN =
  /^(git|cd|set|\.|mkdir|docker|kubectl|helm|prometheus|grafana|exit|npm|curl|timeout|kill|cat|gh|server=\S*|\[|do|done|kill \$server)$/

const documented: Documented[] = [
  ...DOCUMENTED,
  ...workflows.flatMap((page) =>
    stepsOf(page).flatMap(({ run = '' }) => commandsOf(run).map((command) => ({ page, command }))),
  ),
]

interface Step {
  run?: string
  uses?: string
  with?: Record<string, string>
}

function stepsOf(file: string): Step[] {
  const { jobs } = parse(textOf(file)) as { jobs: Record<string, { steps: Step[] }> }
  return Object.values(jobs).flatMap(({ steps }) => steps)
}

/** `-e NAME=value` of a command line, without those that the shell fills in. */
function variablesOf(args: readonly string[]): Record<string, string> {
  const given = args.flatMap((arg, i) => (args[i - 1] === '-e' ? [arg] : []))
  return Object.fromEntries(
    given
      .map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const)
      .filter(([, value]) => !/[$…]/.test(value)),
  )
}

function problemsOf(args: readonly string[]): string[] {
  const parsed = parseConfig({ scenario: 'documented', env: variablesOf(args) })
  return parsed.ok ? [] : parsed.problems.map(({ variable, message }) => `${variable}: ${message}`)
}

async function helpOf(argv: readonly string[]): Promise<{ code: number; text: string }> {
  let text = ''
  const out = (more: string) => void (text += more)
  return { code: await main(argv, { out, note: out }), text }
}

describe('commands in README and docs', () => {
  it('are found', () => {
    expect(documented.length).toBeGreaterThan(60)
    expect(documented.filter(({ page }) => page.endsWith('.yml')).length).toBeGreaterThan(5)
  })

  const ours = documented.filter(({ command }) => {
    const [program, [name]] = programOf(command)
    return program === 'k6-inference' && !/^(COMMAND|…)?$/.test(name ?? '')
  })
  it.each(ours.map(({ page, command }) => [page, command.join(' '), command] as const))(
    '%s: %s',
    async (_page, _text, command) => {
      const [, args] = programOf(command)
      const end = args.indexOf('--')
      const own = (end < 0 ? args : args.slice(0, end)).filter((arg) => !/[…]/.test(arg))
      // The command itself looks at its options first, and then shows its help.
      const { code, text } = await helpOf([...own, '--help'])
      expect([code, text]).toEqual([0, expect.not.stringContaining('See k6-inference')])
      const known = (option: string) =>
        new RegExp(`(^|[\\s,/\`])${option}([\\s,=\`]|$)`, 'm').test(text)
      const options = own.map((arg) => arg.replace(/=.*/, '')).filter((arg) => /^--[a-z]/.test(arg))
      expect(options.filter((option) => !known(option))).toEqual([])
      // `run` keeps records by itself.
      expect(problemsOf(own[0] === 'run' ? ['-e', 'RECORDS=on', ...own] : own)).toEqual([])
      if (own[0] === 'run' && /^[a-z][a-z-]*$/.test(own[1] ?? ''))
        expect(scenarios).toContain(own[1])
    },
  )

  const k6 = documented.filter(({ command }) => programOf(command)[0] === 'k6')
  it.each(k6.map(({ page, command }) => [page, command.join(' '), command] as const))(
    '%s: %s',
    (_page, _text, command) => {
      const [, args] = programOf(command)
      expect(['run', 'cloud', 'archive', 'new']).toContain(args[0])
      expect(problemsOf(args)).toEqual([])
      for (const arg of args) {
        const [, name] = /^(?:.*\/)?dist\/(?:buffered\/)?([\w-]+)\.js$/.exec(arg) ?? []
        if (name !== undefined && name !== 'NAME') expect(scenarios).toContain(name)
      }
    },
  )

  it('are of programs that are known, and npm scripts that there are', () => {
    const others = documented.map(({ command }) => programOf(command))
    const unknown = others.filter(
      ([name]) => !/^k6(-inference)?$/.test(name) && !FOREIGN.test(name),
    )
    expect(unknown).toEqual([])
    const run = others.flatMap(([name, args]) =>
      name === 'npm' && args[0] === 'run' ? args[1]! : [],
    )
    for (const name of run) expect(Object.keys(scripts)).toContain(name)
  })
})

it('the workflows run scenarios of the package with variables that there are', () => {
  const steps = workflows
    .flatMap(stepsOf)
    .filter(({ uses }) => uses?.startsWith('grafana/run-k6-action'))
  expect(steps).toHaveLength(1)
  for (const { with: inputs } of steps) {
    const [, name] = /^node_modules\/k6-inference\/dist\/([\w-]+)\.js$/.exec(inputs!['path']!) ?? []
    expect(scenarios).toContain(name)
    expect(problemsOf(inputs!['flags']!.split(/\s+/))).toEqual([])
  }
})

it('links in README and docs lead somewhere', () => {
  const lost = [...PAGES, 'llms.txt'].flatMap((page) => {
    const links = textOf(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)/g)
    return [...links].flatMap(([, to = '', anchor = '']) => {
      const target = new URL(to, new URL(page, 'file:///')).pathname.slice(1)
      const found =
        filesBelow().includes(target) || filesBelow().some((f) => f.startsWith(`${target}/`))
      if (!found) return [`${page}: ${to}`]
      return anchor === '' || !target.endsWith('.md') || anchorsOf(target).includes(anchor.slice(1))
        ? []
        : [`${page}: ${to}${anchor}`]
    })
  })
  expect(lost).toEqual([])
})

/** Anchors of a page's headings as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8')
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** Tables of measurements, whose columns are their point, and figures side by side. */
const WIDE = ['certainty-proof', 'certainty', 'grafana', 'performance', 'quality', 'sizing']

it('tables fit a screen of 120 columns', () => {
  const wide = PAGES.filter((page) => !WIDE.includes(page.replace(/^docs\/|\.md$/g, ''))).flatMap(
    (page) =>
      textOf(page)
        .split('\n')
        .filter((line) => line.startsWith('|') && [...line].length > 120)
        .map((line) => `${page}: ${line.slice(0, 60)}`),
  )
  expect(wide).toEqual([])
})
