// Debian's Chromium, in which pictures and pages are looked at; see scripts/lab/pages/pictures.test.ts.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'

const browserFile = '/usr/bin/chromium'

/** Whether the Debian package `chromium` is here. */
export const hasBrowser = existsSync(browserFile)

/** Looks at pages in a browser that has nothing from before and asks nobody anything. */
export async function withBrowser<T>(use: (browser: BrowserContext) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-chromium-'))
  try {
    const browser = await chromium.launchPersistentContext(folder, {
      executablePath: browserFile,
      headless: true,
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
        ...['--disable-background-networking', '--disable-component-update'],
      ],
    })
    try {
      return await use(browser)
    } finally {
      await browser.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
