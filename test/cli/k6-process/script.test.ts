import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findScript, packageRoot } from '../../../cli/k6-process/index.ts'

describe('finding the script', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-script-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('the package is found from wherever the program lies in it', () => {
    const root = packageRoot()
    const { name } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      name: string
    }
    expect(name).toBe('k6-inference')
    expect(packageRoot(path.join(root, 'dist', 'cli'))).toBe(root)
    expect(() => packageRoot(folder)).toThrow(/outside of its package/)
  })

  test('a file is taken as it is; a name that is none lists what there is', async () => {
    const file = path.join(folder, 'own.js')
    writeFileSync(file, '')
    expect(await findScript(file)).toBe(file)
    await expect(findScript(`${file}x.js`)).rejects.toThrow(/no such script/)
    await expect(findScript('chat-spyke')).rejects.toThrow(
      /no scenario named "chat-spyke"; there are .*chat-spike/,
    )
  })
})
