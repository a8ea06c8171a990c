/** Ends at once a process that was started as the first of a group, and the group; the process alone where there are no groups. */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It is gone.
  }
}
