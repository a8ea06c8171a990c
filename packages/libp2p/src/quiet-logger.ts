import type { ComponentLogger, Logger } from '@libp2p/interface'

// libp2p formats log lines on its hottest paths even when nobody listens. The host reports by events of its own.
const silence: Logger = Object.assign(() => {}, {
  error: () => {},
  trace: () => {},
  enabled: false,
  newScope: () => silence,
})

export const quietLogger: ComponentLogger = { forComponent: () => silence }
