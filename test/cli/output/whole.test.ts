import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeFolder, refuseExisting, writeWhole } from '../../../cli/output/index.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-whole-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a file is there whole, and nothing beside it', async () => {
  const file = path.join(folder, 'a.json')
  await writeWhole(file, 'one')
  await writeWhole(file, 'two')
  expect(readFileSync(file, 'utf8')).toBe('two')
  expect(readdirSync(folder)).toEqual(['a.json'])
  await expect(refuseExisting(file, false)).rejects.toThrow(/a\.json: exists; --force replaces it/)
  await expect(refuseExisting(file, true)).resolves.toBeUndefined()
})

test.runIf(existsSync('/dev/full'))('a full disk is told, with the file', async () => {
  await expect(writeWhole('/dev/full', 'text')).rejects.toThrow(
    /^\/dev\/full: cannot be written: ENOSPC/,
  )
})

test('a place where nothing can be written is told, with its name', async () => {
  const file = path.join(folder, 'file')
  writeFileSync(file, '')
  const below = path.join(file, 'below')
  await expect(makeFolder(below)).rejects.toThrow(/below: cannot be created: /)
  await expect(writeWhole(path.join(below, 'a'), 'text')).rejects.toThrow(/cannot be written: /)
})
