/** Remedies for errors of the system, whose messages only say what they are; by their codes. */
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room, and run it again',
  EDQUOT: 'your share of the disk is full: make room, and run it again',
  EFBIG: 'files may not be so large here: raise the limit (ulimit -f), or choose another file system',
  EACCES: 'choose a place that you may read and write',
  EPERM: 'choose a place that you may read and write',
  EROFS: 'nothing can be written there: choose another place',
  EEXIST: 'there is a file where a folder should be; choose another place',
  ENOTDIR: 'there is a file where a folder should be; choose another place',
  EISDIR: 'there is a folder where a file should be; choose another place',
  ENOENT: 'it is not there, or no longer; see what removed it, and run it again',
  ENAMETOOLONG: 'choose a shorter name',
  EMFILE: 'there are too few file descriptors: raise the limit (ulimit -n)',
  ENFILE: 'the machine has no file descriptor left: end other programs',
  EIO: 'the disk fails: choose another, and run it again',
}

/** The error in words, with the remedy where the system's alone says none. */
export function inWords(error: Error): string {
  const { message } = error
  const remedy = remedyOf(error)
  if (remedy === '' || !message.endsWith('.')) return message + remedy
  // What is a sentence already gets another.
  return `${message} ${remedy.charAt(2).toUpperCase()}${remedy.slice(3)}.`
}

/** What to do about an error of the file system, as the end of a sentence; empty when that is not known. */
export function remedyOf(error: unknown): string {
  const { code, path, syscall, cause } = (error ?? {}) as NodeJS.ErrnoException
  // A folder of folders on a file system that is read-only is told so.
  const noFolder =
    code === 'ENOENT' && syscall === 'mkdir' ? 'no folder can be made there: choose another place' : undefined
  const known = noFolder ?? (code === undefined ? undefined : remedies[code])
  if (known !== undefined && (path !== undefined || syscall !== undefined)) return `: ${known}`
  return cause === undefined ? '' : remedyOf(cause)
}
