import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { InputError } from '../command.ts'

/** Creates a folder with those above it. @throws InputError that says why it cannot be */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${folder}: cannot be created: ${error.message}`)
  })
}

/** Whether there is such a file or folder. */
export function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

/** @throws InputError when there is such a file and it may not be replaced */
export async function refuseExisting(file: string, force: boolean): Promise<void> {
  if (!force && (await exists(file))) {
    throw new InputError(`${file}: exists; --force replaces it, --out names another place`)
  }
}

/**
 * Writes to a temporary file and renames it, so that a full disk or an interrupt leaves no half file.
 * Devices and pipes are written to directly: they cannot be renamed over.
 * @throws InputError that names the file, when it cannot be written
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  const beside = path.resolve(file).startsWith('/dev/') ? undefined : `${file}.${process.pid}.tmp`
  try {
    await writeFile(beside ?? file, text)
    if (beside !== undefined) await rename(beside, file)
  } catch (error) {
    if (beside !== undefined) await rm(beside, { force: true }).catch(() => {})
    throw new InputError(`${file}: cannot be written: ${(error as Error).message}`)
  }
}
