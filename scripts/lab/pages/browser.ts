// Debian's Chromium, in which pictures and pages are looked at; see scripts/lab/pages/pictures.test.ts.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'

const browserFile = '/usr/bin/chromium'

/** Whether the Debian package `chromium` is here. */
export const hasBrowser = existsSync(browserFile)

/** A browser that has nothing from before and asks nobody anything, and what ends it. */
export async function openBrowser(): Promise<{ readonly browser: BrowserContext; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-chromium-'))
  const forget = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    const browser = await chromium.launchPersistentContext(folder, {
      executablePath: browserFile,
      headless: true,
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
        ...['--disable-background-networking', '--disable-component-update'],
      ],
    })
    return { browser, close: () => browser.close().finally(forget) }
  } catch (error) {
    forget()
    throw error
  }
}
