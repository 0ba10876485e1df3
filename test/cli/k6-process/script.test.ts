import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
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

  test('a bundle that is older than its source is made anew', async () => {
    const root = path.join(folder, 'clone')
    for (const name of ['dist', 'scenarios', 'lib/k6'])
      mkdirSync(path.join(root, name), { recursive: true })
    const write = (name: string, text: string, atS: number) => {
      const file = path.join(root, name)
      writeFileSync(file, text)
      utimesSync(file, atS, atS)
      return file
    }
    write('package.json', '{"name":"k6-inference"}', 1000)
    write(
      'build.mjs',
      "import { writeFileSync } from 'node:fs'\nwriteFileSync('dist/chat.js', process.argv[2])",
      1000,
    )
    write('scenarios/chat.ts', '', 1000)
    const deep = write('lib/k6/index.ts', '', 1000)
    for (const name of ['lib', 'lib/k6']) utimesSync(path.join(root, name), 1000, 1000)
    const bundle = write('dist/chat.js', 'old', 2000)
    expect(await findScript('chat', root)).toBe(bundle)
    expect(readFileSync(bundle, 'utf8')).toBe('old')
    utimesSync(deep, 3000, 3000)
    expect(await findScript('chat', root)).toBe(bundle)
    expect(readFileSync(bundle, 'utf8')).toBe('chat')
    // An installed package has no sources.
    write('dist/other.js', '', 1)
    expect(await findScript('other', root)).toBe(path.join(root, 'dist', 'other.js'))
  })
})
