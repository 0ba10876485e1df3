import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { InputError } from '../../command.ts'
import type { Manifest } from '../types.ts'
import type { Pod } from './pods.ts'

/** A cluster, as far as a run needs it. */
export interface Cluster {
  /** Creates the object and returns its name. */
  create(manifest: Manifest): Promise<string>
  /** Stage of a TestRun, '' before its first; undefined when there is no such TestRun. */
  stage(run: string): Promise<string | undefined>
  /** The pods of a run that send load. */
  pods(run: string): Promise<Pod[]>
  /** Writes a pod's log to a file, as it grows, to the end of the pod. */
  follow(pod: string, file: string): Follower
  /** The whole log of a pod or a job, as far as the node still has it. */
  log(of: string): Promise<string>
  /** Deletes a TestRun with its jobs and pods, and does not wait. */
  remove(run: string): Promise<void>
}

export interface Follower {
  /** Resolves at the end of the log; false if it could not be read to its end. */
  done: Promise<boolean>
  stop(): void
}

export interface KubectlOptions {
  /** Path of kubectl. */
  kubectl: string
  namespace: string | undefined
  /** Context of the kubeconfig; the current one when undefined. */
  context: string | undefined
}

const CALL_MS = 60_000
const MOST_OUTPUT = 64 * 1024 * 1024

/**
 * The cluster by `kubectl`, not by a client library: it brings every way to log in that the user's
 * kubeconfig names, costs no dependency, and finds the service account by itself inside a cluster.
 */
export function createCluster({ kubectl, namespace, context }: KubectlOptions): Cluster {
  const where = [
    ...(context === undefined ? [] : ['--context', context]),
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
  ]
  const call = (args: readonly string[], input?: string) => run(kubectl, [...args, ...where], input)

  return {
    async create(manifest) {
      // The server validates; the client would have to read the whole API schema first.
      const args = ['create', '--validate=false', '-f', '-', '-o', 'json']
      const made = parsed(await call(args, JSON.stringify(manifest))) as Manifest
      return made.metadata.name ?? ''
    },

    async stage(name) {
      const text = await call(['get', 'testruns.k6.io', name, '--ignore-not-found', '-o', 'json'])
      if (text.trim() === '') return undefined
      return (parsed(text) as { status?: { stage?: string } }).status?.stage ?? ''
    },

    async pods(name) {
      const of = ['get', 'pods', '-l', `k6_cr=${name},runner=true`, '-o', 'json']
      return (parsed(await call(of)) as { items?: Pod[] }).items ?? []
    },

    follow(pod, file) {
      const child = start(kubectl, ['logs', '--follow', pod, '--container', 'k6', ...where])
      child.stdin.end()
      child.stderr.resume()
      const written = pipeline(child.stdout, createWriteStream(file))
      const ended = new Promise<boolean>((resolve) => {
        child.on('error', () => resolve(false))
        child.on('close', (code) => resolve(code === 0))
      })
      const done = Promise.all([ended, written.then(() => true).catch(() => false)])
      return { done: done.then((all) => all.every(Boolean)), stop: () => child.kill() }
    },

    log: (of) => call(['logs', of, '--container', 'k6']),

    async remove(name) {
      await call(['delete', 'testruns.k6.io', name, '--ignore-not-found', '--wait=false'])
    },
  }
}

/** In a process group of its own: Ctrl-C is for this program, which then ends the run in order. */
function start(kubectl: string, args: readonly string[]) {
  return spawn(kubectl, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
}

/**
 * @returns what kubectl wrote
 * @throws InputError with kubectl's own message
 */
function run(kubectl: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = start(kubectl, args)
    const timer = setTimeout(() => child.kill(), CALL_MS)
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (stdout.length > MOST_OUTPUT) child.kill()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-10_000)
    })
    const fail = (why: string) =>
      reject(new InputError(`kubectl ${args.slice(0, 2).join(' ')}: ${why}${hintOn(why)}`))
    child.on('error', ({ message }) => fail(`${kubectl} cannot be started: ${message}`))
    child.on('close', (code) => {
      clearTimeout(timer)
      if (code === 0) resolve(stdout)
      else fail(stderr.trim() || `ended with exit code ${code ?? 'none: it took too long'}`)
    })
    // It may end before it has read everything.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

function hintOn(message: string): string {
  const unknown = /no matches for kind "TestRun"|doesn't have a resource type "testruns"/
  return unknown.test(message) ? '; first install k6-operator in the cluster' : ''
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`kubectl wrote no JSON: ${(error as Error).message}`)
  }
}
