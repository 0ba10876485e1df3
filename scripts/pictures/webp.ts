import { readFileSync, writeFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'

/** A third of the bytes of a PNG, without a fault that one sees at this size. */
const QUALITY = 0.85

/** Saves a PNG as a WebP. */
export async function saveWebp(browser: Browser, png: string, webp: string): Promise<void> {
  const tab = await browser.newPage()
  try {
    const source = `data:image/png;base64,${readFileSync(png).toString('base64')}`
    const url = await tab.evaluate(`(async () => {
      const image = new Image()
      image.src = ${JSON.stringify(source)}
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = image.width
      canvas.height = image.height
      canvas.getContext('2d').drawImage(image, 0, 0)
      return canvas.toDataURL('image/webp', ${QUALITY})
    })()`)
    writeFileSync(webp, Buffer.from(String(url).split(',')[1] ?? '', 'base64'))
  } finally {
    await tab.close()
  }
}
