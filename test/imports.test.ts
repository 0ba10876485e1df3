import { describe, expect, it } from 'vitest'
import { allImports, filesBelow, importsOf, type Import } from './support/sources.ts'

/** The rooms of `lib/`, and the other rooms that each may import, types included. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'lib/config': ['lib/metrics', 'lib/safe-text'],
  'lib/random': [],
  'lib/packed': [],
  'lib/http': [],
  'lib/safe-text': [],
  'lib/tables': ['lib/safe-text'],
  'lib/statistics': ['lib/random'],
  'lib/quality': [],
  'lib/server-metrics': [],
  'lib/metrics': ['lib/statistics'],
  'lib/protocols': ['lib/http'],
  'lib/exchange': ['lib/http', 'lib/protocols', 'lib/safe-text'],
  'lib/traces': ['lib/config', 'lib/packed', 'lib/random'],
  'lib/workload': [
    'lib/config',
    'lib/protocols',
    'lib/quality',
    'lib/random',
    'lib/packed',
    'lib/traces',
  ],
  'lib/load': ['lib/metrics', 'lib/config', 'lib/random', 'lib/packed', 'lib/statistics'],
  'lib/preflight': ['lib/exchange', 'lib/protocols', 'lib/safe-text'],
  'lib/probe': [
    'lib/config',
    'lib/exchange',
    'lib/metrics',
    'lib/preflight',
    'lib/protocols',
    'lib/safe-text',
    'lib/server-metrics',
  ],
  'lib/records': ['lib/exchange', 'lib/metrics', 'lib/safe-text'],
  'lib/results': ['lib/metrics'],
  'lib/runs': [
    'lib/metrics',
    'lib/exchange',
    'lib/random',
    'lib/statistics',
    'lib/records',
    'lib/report',
    'lib/results',
    'lib/safe-text',
  ],
  'lib/report': ['lib/metrics', 'lib/results', 'lib/safe-text', 'lib/statistics', 'lib/tables'],
  'lib/html': [
    'lib/capacity',
    'lib/compare',
    'lib/frontier',
    'lib/metrics',
    'lib/records',
    'lib/report',
    'lib/results',
    'lib/runs',
    'lib/safe-text',
    'lib/tables',
  ],
  'lib/capacity': ['lib/runs', 'lib/statistics'],
  'lib/cost': ['lib/runs'],
  'lib/frontier': [
    'lib/cost',
    'lib/report',
    'lib/results',
    'lib/runs',
    'lib/statistics',
    'lib/tables',
  ],
  'lib/judge': [
    'lib/cost',
    'lib/http',
    'lib/quality',
    'lib/results',
    'lib/runs',
    'lib/statistics',
    'lib/tables',
  ],
  'lib/compare': [
    'lib/metrics',
    'lib/random',
    'lib/results',
    'lib/runs',
    'lib/statistics',
    'lib/tables',
  ],
}

/** What a room may only name the types of. */
const TYPES_ONLY: readonly (readonly [room: string, of: string])[] = [
  ['lib/load', 'k6/options'],
  ['lib/load', 'lib/config'],
  ['lib/traces', 'lib/config'],
  ['lib/workload', 'lib/config'],
  ['lib/workload', 'lib/protocols'],
  ['lib/workload', 'lib/quality'],
  ['lib/preflight', 'lib/exchange'],
]

/** The rooms beside `lib/`, and what each may import of the others: paths begin with one of these. */
const OUTER: Record<string, readonly string[]> = {
  cli: ['lib/', 'simulator/', 'scripts/setup/', 'scripts/build/page.mjs'],
  simulator: [],
  bin: [],
  scripts: ['bin/', 'cli/', 'lib/', 'simulator/', 'grafana/src/index.ts'],
  grafana: ['lib/metrics/', 'lib/server-metrics/', 'scripts/pictures/chromium.mjs'],
  scenarios: ['lib/'],
  lib: [],
}

/** Rooms of which `simulator/` names types: it stands on nothing that the client does. */
const SIMULATOR_TYPES = /^lib\/[^/]+\/index\.ts$/

const imports = allImports()

describe('the import graph', () => {
  it('leaves k6 to scenarios/ and lib/k6/', () => {
    const wrong = imports.filter(({ from, to, typeOnly }) => {
      if (!isK6(to)) return false
      if (/^(scenarios|lib\/k6|types)\//.test(from)) return false
      // Scripts that tests give to k6.
      if (/^test\/.*\.js$/.test(from)) return false
      return !(typeOnly && (from.startsWith('test/') || mayNameTypes(from, to)))
    })
    expect(wrong.map(show)).toEqual([])
  })

  it('leaves lib/k6 to scenarios/', () => {
    const wrong = imports.filter(
      ({ from, to }) => to.startsWith('lib/k6/') && !/^(lib\/k6|scenarios|test)\//.test(from),
    )
    expect(wrong.map(show)).toEqual([])
  })

  it('leaves Node to bin/, cli/, simulator/, scripts/, grafana/, test/ and build.mjs', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        to.startsWith('node:') &&
        !/^(bin|cli|simulator|scripts|grafana|test)\/|^(build\.mjs|vitest\.config\.ts)$/.test(from),
    )
    expect(wrong.map(show)).toEqual([])
  })

  it('knows every room of lib/', () => {
    const rooms = new Set(filesBelow('lib').map((file) => file.split('/').slice(0, 2).join('/')))
    const unknown = [...rooms].filter((room) => room !== 'lib/k6' && !(room in MAY_IMPORT))
    expect(unknown).toEqual([])
  })

  it('enters rooms by their index file only', () => {
    const wrong = imports.filter(({ from, to }) => {
      const room = entered(to)
      if (room === undefined || room === entered(from)) return false
      // A room's tests stand inside it.
      if (from.startsWith('test/')) return false
      // A part of a room may have an index file of its own.
      return !/\/index\.(ts|mjs)$/.test(to)
    })
    expect(wrong.map(show)).toEqual([])
  })

  it('goes along the arrows between rooms', () => {
    const wrong = imports.filter(({ from, to, typeOnly }) => {
      const [here, there] = [libRoom(from), libRoom(to)]
      if (there === undefined || here === there) return false
      if (here === undefined) return !/^(scenarios|test)\//.test(from) && there === 'lib/k6'
      if (here === 'lib/k6') return false
      if (!MAY_IMPORT[here]?.includes(there)) return true
      return !typeOnly && mayNameTypes(from, to)
    })
    expect(wrong.map(show)).toEqual([])
  })

  it('goes from each outer room only where it may', () => {
    const wrong = imports.filter(({ from, to, typeOnly }) => {
      const [here, there] = [outerRoom(from), outerRoom(to)]
      if (here === undefined || here === there) return false
      if (there === undefined && !to.startsWith('test/')) return false
      if (here === 'simulator' && typeOnly && SIMULATOR_TYPES.test(to)) return false
      return !OUTER[here]!.some((path) => to.startsWith(path))
    })
    expect(wrong.map(show)).toEqual([])
  })

  it('has no cycle', () => {
    expect(findCycle(imports)).toBeUndefined()
  })
})

describe('importsOf', () => {
  it.each([
    ["import a from './a.ts'", 'lib/x/a.ts', false],
    ["import type { A } from '../y/index.ts'", 'lib/y/index.ts', true],
    ["import {\n  a,\n  b,\n} from 'k6/http'", 'k6/http', false],
    ["import 'node:fs'", 'node:fs', false],
    ["export * from './a.ts'", 'lib/x/a.ts', false],
    ["export type * from './a.ts'", 'lib/x/a.ts', true],
    ["const a = await import('node:os')", 'node:os', false],
  ])('reads %j', (text, to, typeOnly) => {
    expect(importsOf('lib/x/b.ts', text)).toEqual([{ from: 'lib/x/b.ts', to, typeOnly }])
  })

  it('leaves comments and templates alone', () => {
    const text = "// import 'k6'\n/* import 'k6' */\nexport const text = `\nimport 'k6'\n`"
    expect(importsOf('a.ts', text)).toEqual([])
  })
})

describe('findCycle', () => {
  const edge = (from: string, to: string) => ({ from, to, typeOnly: false })
  it('finds one', () => {
    expect(findCycle([edge('a', 'b'), edge('b', 'c'), edge('c', 'b')])).toEqual(['b', 'c', 'b'])
  })
  it('finds none in a diamond', () => {
    const diamond = [edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd')]
    expect(findCycle(diamond)).toBeUndefined()
  })
})

function isK6(specifier: string): boolean {
  return specifier === 'k6' || specifier.startsWith('k6/')
}

function mayNameTypes(from: string, to: string): boolean {
  const of = isK6(to) ? to : libRoom(to)
  return TYPES_ONLY.some(([room, what]) => room === libRoom(from) && what === of)
}

function libRoom(file: string): string | undefined {
  return /^lib\/[^/]+(?=\/)/.exec(file)?.[0]
}

/** The room that an import of this file enters: of lib/, a command's, the simulator. */
function entered(file: string): string | undefined {
  return libRoom(file) ?? /^cli\/[^/]+(?=\/)|^simulator(?=\/)/.exec(file)?.[0]
}

function outerRoom(file: string): string | undefined {
  const room = /^[^/]+(?=\/)/.exec(file)?.[0]
  return room !== undefined && room in OUTER ? room : undefined
}

function show({ from, to, typeOnly }: Import): string {
  return `${from} imports ${typeOnly ? 'types of ' : ''}${to}`
}

function findCycle(edges: readonly Import[]): string[] | undefined {
  const next = new Map<string, string[]>()
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to])
  const finished = new Set<string>()
  const way: string[] = []
  const visit = (file: string): string[] | undefined => {
    if (finished.has(file)) return undefined
    const at = way.indexOf(file)
    if (at !== -1) return [...way.slice(at), file]
    way.push(file)
    for (const to of next.get(file) ?? []) {
      const cycle = visit(to)
      if (cycle !== undefined) return cycle
    }
    way.pop()
    finished.add(file)
    return undefined
  }
  for (const file of next.keys()) {
    const cycle = visit(file)
    if (cycle !== undefined) return cycle
  }
  return undefined
}
