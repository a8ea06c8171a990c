/** How many files and sockets a process may have open, which peers on TCP need many of. */

/** The most of this process; undefined where there is no limit, or none is known. */
export function mostOpenFiles(): number | undefined {
  // The types of Node do not know this field yet.
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean }
  const before = report.excludeNetwork ?? false
  // Interfaces are of no interest here, and their names may take seconds to be looked up.
  report.excludeNetwork = true
  try {
    const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } }
    const soft = userLimits?.open_files?.soft
    return typeof soft === 'number' ? soft : undefined
  } finally {
    report.excludeNetwork = before
  }
}

/** Why so many cannot be had, with the remedy; undefined when they can. `what` needs them. */
export function tooFewOpenFiles(what: string, needed: number, most = mostOpenFiles()): string | undefined {
  if (most === undefined || needed <= most) return undefined
  return (
    `${what} needs about ${needed} file descriptors, and a process may have ${most} here: run ulimit -n ${needed} ` +
    'in this shell first; where it refuses, an administrator raises the limit'
  )
}
