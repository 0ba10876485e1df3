import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readCopy, readStages, restOf, type Stage } from '../../scripts/image/dockerfile.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FILE = path.join(ROOT, 'deploy/docker/Dockerfile')

const ALL = readStages(readFileSync(FILE, 'utf8'))
const stageOf = (name: string | undefined) => ALL.find((stage) => stage.name === name)!
const last = stageOf(undefined)
const cli = stageOf('cli')

/** Paths of the repository that a stage copies, without those of earlier stages. */
function copied(stage: Stage): { from: string; to: string }[] {
  return restOf(stage, 'COPY')
    .map((rest) => readCopy(rest))
    .filter((copy) => copy.stage === undefined)
    .flatMap(({ from, to }) => from.map((file) => ({ from: file, to })))
}

test('what is copied is there, and the ignore file lets it in', () => {
  const allowed = readFileSync(`${FILE}.dockerignore`, 'utf8').split('\n')
  for (const { from } of ALL.flatMap(copied)) {
    expect(existsSync(path.join(ROOT, from)), from).toBe(true)
    expect(allowed).toContain(`!${from.split('/')[0]}`)
  }
})

test('bases are pinned to a version, and nothing runs as root', () => {
  for (const { image } of ALL) expect(image).toMatch(/^[\w./-]+:v?\d+\.?\d*/)
  for (const stage of [last, cli]) {
    expect(restOf(stage, 'USER').at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/)
  }
  const { steps } = last
  expect(steps.findIndex((s) => s.instruction === 'USER')).toBeGreaterThan(
    steps.findLastIndex((s) => s.instruction === 'RUN'),
  )
})

test('its user may write results, and so may any user in group 0', () => {
  const made = restOf(last, 'RUN').join(' ')
  const [uid] = restOf(last, 'USER').at(-1)!.split(':')
  expect(made).toContain(`chown ${uid}:0 /k6/results && chmod 775 /k6/results`)
})

test('it starts k6 without a shell, as the operator and `docker run` do', () => {
  expect(restOf(last, 'ENTRYPOINT')).toEqual(['["k6"]'])
  expect(restOf(last, 'WORKDIR').at(-1)).toBe('/k6')
  // `docker run … run dist/chat-spike.js` and the operator's `localFile` name the same file.
  expect(restOf(last, 'COPY')).toContain('--from=bundles /out/dist /k6/dist')
})

/** Lays the files of the `cli` stage out as its COPY lines do, and runs its entry point there. */
function helpOfCli(out: string, image: string): string {
  cpSync(path.join(out, 'cli'), path.join(image, 'k6-inference/dist/cli'), { recursive: true })
  for (const { from, to } of copied(cli)) cpSync(path.join(ROOT, from), path.join(image, to, from))
  const [program = '', file = ''] = JSON.parse(restOf(cli, 'ENTRYPOINT')[0]!) as string[]
  expect(program).toBe('node')
  const args = [path.join(image, file), 'k8s', 'run', '--help']
  // No packages lie beside it there.
  return String(spawnSync(process.execPath, args, { cwd: image }).stdout)
}

test('the bundles and the command-line program are built of the copied files alone', () => {
  const bundles = stageOf('bundles')
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-image-'))
  try {
    for (const { from, to } of copied(bundles)) {
      const target = to === './' ? path.join(folder, from) : path.join(folder, to)
      cpSync(path.join(ROOT, from), target, { recursive: true })
    }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'))
    const build = restOf(bundles, 'RUN').find((run) => run.includes('build.mjs'))!
    const out = path.join(folder, 'out')
    const ran = spawnSync('sh', ['-c', build.replaceAll('/out', out)], { cwd: folder })
    expect(String(ran.stderr)).toBe('')
    expect(ran.status).toBe(0)
    const scenarios = readdirSync(path.join(ROOT, 'scenarios'))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => file.replace(/ts$/, 'js'))
    expect(readdirSync(path.join(out, 'dist'))).toEqual(expect.arrayContaining(scenarios))
    expect(readdirSync(path.join(out, 'dist'))).not.toContain('cli')
    expect(helpOfCli(out, path.join(folder, 'image'))).toContain('k6-inference k8s run test.yaml')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)
