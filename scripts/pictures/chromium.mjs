import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

/** A browser is no part of the packages: `CHROMIUM`, or where Linux distributions put it. */
export const CHROMIUM = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
].find((file) => file !== undefined && existsSync(file))

export function startChromium() {
  return chromium.launch({
    executablePath: /** @type {string} */ (CHROMIUM),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
