import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** A control group that limits memory, as the kubelet makes one for a container. Needs root, and Linux. */
export interface MemoryGroup {
  /** Wraps a command so that it runs in the group. */
  within(command: readonly string[]): string[]
  /** The most that was in use, bytes. */
  peakBytes(): number
  /** How many processes were killed for memory. */
  killed(): number
  /** Possible once all its processes have ended. */
  remove(): void
}

/** Where the kernel shows the groups, and how its files are named in version 1 and 2. */
const VERSIONS = [
  {
    root: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    peak: 'memory.max_usage_in_bytes',
    events: 'memory.oom_control',
  },
  {
    root: '/sys/fs/cgroup',
    limit: 'memory.max',
    peak: 'memory.peak',
    events: 'memory.events',
  },
]

/**
 * Makes a group.
 * @throws Error where the kernel has no such groups, or this user may not make one
 */
export function createMemoryGroup(name: string, limitBytes: number): MemoryGroup {
  const version = VERSIONS.find(({ root }) => existsSync(path.join(root, 'cgroup.procs')))
  if (version === undefined) throw new Error('this kernel shows no control groups for memory')
  const folder = path.join(version.root, name)
  const file = (of: string) => path.join(folder, of)
  mkdirSync(folder)
  writeFileSync(file(version.limit), String(limitBytes))
  return {
    within: (command) => [
      ...['sh', '-c', 'echo $$ > "$0" && exec "$@"', file('cgroup.procs')],
      ...command,
    ],
    peakBytes: () => Number(readFileSync(file(version.peak), 'utf8')),
    killed() {
      const [, count = '0'] =
        /^oom_kill (\d+)$/m.exec(readFileSync(file(version.events), 'utf8')) ?? []
      return Number(count)
    },
    remove: () => rmdirSync(folder),
  }
}
