import { format } from 'node:util'
import type { ComponentLogger, Logger } from '@libp2p/interface'

/** What libp2p tells of itself, a line at a time, but for what it traces on its hottest paths. */
export function debugLogger(write: (line: string) => void): ComponentLogger {
  const loggerOf = (component: string): Logger => {
    const tell = (how: string, ...what: unknown[]): void => write(`${component} ${inText(how, what)}`)
    return Object.assign(tell, {
      enabled: true,
      error: (how: string, ...what: unknown[]) => tell(`error: ${how}`, ...what),
      trace: () => {},
      newScope: (name: string) => loggerOf(`${component}:${name}`),
    })
  }
  return { forComponent: loggerOf }
}

/** Its placeholders are of its own kinds, such as %p of a peer id; all have a text. */
function inText(how: unknown, what: readonly unknown[]): string {
  const texts = what.map((each) => (each instanceof Error ? (each.stack ?? each.message) : String(each)))
  return format(String(how).replaceAll(/%[a-zA-Z]/g, '%s'), ...texts).replaceAll('\n', ' ')
}
