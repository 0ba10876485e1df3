export interface K6Run {
  script: string
  /** Absolute path of an existing folder. */
  folder: string
  variables: Readonly<Record<string, string>>
  extra: readonly string[]
  /** Whether k6 makes a summary; without one, k6 leaves only the records. */
  summary: boolean
}

/** Builds k6's arguments; results and records go to the folder. */
export function k6Arguments({ script, folder, variables, extra, summary }: K6Run): string[] {
  const all: Record<string, string> = { RECORDS: 'on', ...variables, RESULTS: folder }
  if (!summary && all['RECORDS'] === 'off') all['RECORDS'] = 'on'
  const records =
    all['RECORDS'] === 'off'
      ? []
      : ['--log-format', 'raw', '--console-output', `${folder}/requests.jsonl`]
  const env = Object.entries(all).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  return ['run', ...records, ...env, ...extra, script]
}
