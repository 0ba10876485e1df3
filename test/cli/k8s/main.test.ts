import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { main } from '../../../cli/k8s/index.ts'

const CALIBRATION = { tokensPerWord: 1.3 }
let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-k8s-'))
  writeFileSync(path.join(folder, 'own.js'), 'export default 1')
  writeFileSync(path.join(folder, 'calibration.json'), JSON.stringify(CALIBRATION, null, 2))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the command without k6, and gives the folder that it wrote. */
async function written(...argv: string[]): Promise<string> {
  const out = mkdtempSync(path.join(folder, 'out-'))
  const own = [path.join(folder, 'own.js'), '--parallelism', '2', '--no-inspect', '--out', out]
  const notes: string[] = []
  const terminal = { out: () => {}, note: (text: string) => void notes.push(text) }
  expect(await main([...own, ...argv], terminal), notes.join('')).toBe(0)
  return out
}

async function calibrationOf(...argv: string[]): Promise<unknown> {
  const out = await written(...argv)
  const { runner } = parse(readFileSync(path.join(out, 'test.yaml'), 'utf8')).spec
  return runner.env.find(({ name }: { name: string }) => name === 'CALIBRATION')?.value
}

test('all pods get one calibration: its text is the variable’s value', async () => {
  const file = path.join(folder, 'calibration.json')
  expect(await calibrationOf()).toBeUndefined()
  expect(JSON.parse(String(await calibrationOf('-e', `CALIBRATION=${file}`)))).toEqual(CALIBRATION)
  // Beside the script, pods find it by its name.
  const beside = ['--file', file, '-e', 'CALIBRATION=calibration.json']
  expect(await calibrationOf(...beside)).toBe('calibration.json')
})

test('--kustomize writes a base with all that it names', async () => {
  const out = await written(
    '--kustomize',
    '--schedule',
    '@daily',
    '--namespace',
    'load',
    '--collect',
  )
  const { namespace, resources } = parse(readFileSync(path.join(out, 'kustomization.yaml'), 'utf8'))
  expect(namespace).toBe('load')
  expect(readdirSync(out).sort()).toEqual([...resources, 'kustomization.yaml'].sort())
  expect(resources).toContain('script.yaml')
  expect(readFileSync(path.join(out, 'schedule.yaml'), 'utf8')).not.toContain('namespace:')
})
