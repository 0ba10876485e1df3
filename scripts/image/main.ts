import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { which } from '../setup/index.mjs'
import { readCopy, readStages, restOf, type Stage } from './dockerfile.ts'

// Goes through deploy/docker/Dockerfile step by step where no registry of images can be reached: `npm run image:steps`.
// Stages that build run with this machine's Go and Node, each in a folder that holds only what is copied.
// Stages that are shipped run in a root of their own with busybox, which is what their steps use of Alpine.
// Says what it could not do. Needs root (chroot), Go and busybox.

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DOCKERFILE = path.join(ROOT, 'deploy/docker/Dockerfile')
/** In group 0, as OpenShift chooses users. */
const ANY_USER = '1000660000:0'

/** With the options that the Dockerfile gives them. */
const STAND_INS = {
  addgroup: '#!/bin/sh\necho "$3:x:$2:" >>/etc/group\n',
  adduser: '#!/bin/sh\necho "$6:x:$3:$3::/home/$6:/bin/sh" >>/etc/passwd\n',
}

const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-image-'))
const stages = readStages(readFileSync(DOCKERFILE, 'utf8'))
const roots = new Map<string, string>()
try {
  for (const stage of stages) build(stage)
  const image = roots.get('')!
  check('k6 starts as the image’s user', inRoot(image, userOf(stages.at(-1)!), ['k6', 'version']))
  for (const user of [userOf(stages.at(-1)!), ANY_USER]) {
    const write =
      'cd /k6 && mkdir -p results/$(id -u)/pod && echo x >results/$(id -u)/pod/a && ls results'
    check(`results can be written as ${user}`, inRoot(image, user, ['sh', '-c', write]))
  }
  // The operator's initializer: archive, inspect, and look for errors, in a shell.
  const initializer =
    'cd /tmp && k6 archive /k6/dist/chat-spike.js -O a.tar 2>log; k6 inspect --execution-requirements a.tar >out 2>>log && grep -c maxVUs out'
  check('the initializer’s steps', inRoot(image, ANY_USER, ['sh', '-c', initializer]))
  const program = path.join(roots.get('cli')!, 'k6-inference/dist/cli/k6-inference.mjs')
  check(
    'the program of the target cli, with this machine’s Node',
    run(process.execPath, [program, 'k8s', 'run', '--help']),
  )
  console.log(
    'not done: the base images themselves (Go, Node, Alpine, kubectl), other platforms, and the push',
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Carries a stage's steps out in a folder of its own. */
function build(stage: Stage): void {
  const name = stage.name ?? ''
  const root = path.join(folder, name === '' ? 'image' : name)
  roots.set(name, root)
  mkdirSync(path.join(root, 'tmp'), { recursive: true })
  const builds = restOf(stage, 'ENTRYPOINT').length === 0
  if (!builds) busyboxInto(root)
  let workdir = '/'
  for (const { instruction, rest } of stage.steps) {
    if (instruction === 'WORKDIR') workdir = rest
    const cwd = path.join(root, workdir)
    mkdirSync(cwd, { recursive: true })
    if (instruction === 'COPY') copy(rest, root, workdir)
    if (instruction === 'RUN') {
      const ran = builds
        ? run('sh', ['-c', rest.replaceAll('/out', path.join(root, 'out'))], cwd)
        : inRoot(root, '0:0', ['sh', '-c', rest])
      check(`${name || 'image'}: RUN ${rest.slice(0, 80)}`, ran)
    }
  }
}

/** As COPY does: several into a folder, a folder's content, or one file. What the ignore file leaves out stays out. */
function copy(rest: string, root: string, workdir: string): void {
  const { stage, from, to } = readCopy(rest)
  if (stage === 'kubectl') return console.log(`not done: COPY ${rest}`)
  const source = stage === undefined ? ROOT : roots.get(stage)!
  const target = path.resolve(root, `.${path.resolve(workdir, to)}`)
  for (const file of from) {
    const into =
      to.endsWith('/') && !file.endsWith('/') ? path.join(target, path.basename(file)) : target
    cpSync(path.join(source, file), into, {
      recursive: true,
      filter: (each) => !/node_modules|_test\.go$/.test(path.relative(source, each)),
    })
  }
}

function busyboxInto(root: string): void {
  const busybox = which('busybox', process.env)
  if (busybox === undefined)
    throw new Error('needs a static busybox (apt-get install busybox-static)')
  for (const at of ['bin', 'etc', 'usr/bin', 'home'])
    mkdirSync(path.join(root, at), { recursive: true })
  cpSync(busybox, path.join(root, 'bin/busybox'), { dereference: true })
  const applets = String(spawnSync(busybox, ['--list']).stdout).split('\n')
  for (const applet of applets.filter((each) => each !== '' && each !== 'busybox')) {
    const link = path.join(root, 'bin', applet)
    if (!existsSync(link)) symlinkSync('busybox', link)
  }
  // As in Alpine: root, a folder for everyone, and what Debian's busybox lacks.
  writeFileSync(path.join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  writeFileSync(path.join(root, 'etc/group'), 'root:x:0:root\n')
  chmodSync(path.join(root, 'tmp'), 0o1777)
  for (const [name, script] of Object.entries(STAND_INS)) {
    if (!applets.includes(name))
      writeFileSync(path.join(root, 'bin', name), script, { mode: 0o755 })
  }
}

function userOf(stage: Stage): string {
  return restOf(stage, 'USER').at(-1) ?? '0:0'
}

/** Only root may change the root, so the user is changed with it. */
function inRoot(root: string, user: string, command: readonly string[]) {
  return run('chroot', ['--userspec', user, '--groups', '', root, ...command])
}

function run(program: string, args: readonly string[], cwd = folder) {
  const env = {
    ...process.env,
    PATH: `${process.env['PATH']}:/usr/local/go/bin`,
    HOME: process.env['HOME'] ?? '/tmp',
  }
  return spawnSync(program, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 26 })
}

/** Says how a step went, and ends everything where it failed. */
function check(what: string, { status, stdout, stderr, error }: ReturnType<typeof run>): void {
  console.log(`${status === 0 ? 'done' : 'FAILED'}: ${what}`)
  if (status !== 0) throw new Error(error?.message ?? (stderr || stdout).slice(-2000))
}
