import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { lastEnd, RECORDS_FILE } from '../run-folder/index.ts'

export interface ExpectedFiles {
  /** Results as JSON, from k6's summary. */
  results: boolean
  /** Request records. */
  records: boolean
}

/** What a run with these variables leaves; without k6's summary, only records. */
export function expectedFiles(
  variables: Readonly<Record<string, string | undefined>>,
  summary: boolean,
): ExpectedFiles {
  const formats = variables['FORMATS'] ?? 'json'
  return {
    results: summary && /\bjson\b/i.test(formats),
    records: !summary || variables['RECORDS'] !== 'off',
  }
}

/**
 * What k6 was to leave in a run's folder and did not, one sentence each. k6 ends with the same exit code
 * whether or not it could write its files: on a full disk they are missing, or end somewhere.
 */
export async function lostFrom(folder: string, expected: ExpectedFiles): Promise<string[]> {
  const found = await readdir(folder).catch(() => [] as string[])
  const lost: string[] = []
  if (expected.results) {
    const results = found.filter((name) => /^(?!.*\.calibration\.json$).*\.json$/.test(name))
    const whole = await Promise.all(results.map((name) => isJson(path.join(folder, name))))
    if (results.length === 0) {
      lost.push(`the results are lost: k6 wrote no .json file to ${folder}${WHY}`)
    }
    results.forEach((name, i) => {
      if (!whole[i]) lost.push(`the results are lost: ${path.join(folder, name)} is cut off${WHY}`)
    })
  }
  const records = path.join(folder, RECORDS_FILE)
  if (expected.records && (await lastEnd(records)) === undefined) {
    lost.push(`records are lost: ${records} is missing or cut off${WHY}`)
  }
  return lost
}

const WHY = ' (a full disk, or a folder that may not be written to)'

async function isJson(file: string): Promise<boolean> {
  try {
    JSON.parse(await readFile(file, 'utf8'))
    return true
  } catch {
    return false
  }
}
