import { CommandError } from './command-error.ts'

/**
 * What writes a picture, SVG as text, to the file that an option names, as the end of its name says; undefined when it names
 * none. Throws CommandError at any other end.
 */
export function pictureFile(option: string, file: string | undefined): ((svg: string) => Promise<void>) | undefined {
  if (file === undefined) return undefined
  const [, kind] = /\.(svg|png)$/.exec(file) ?? []
  if (kind === undefined) throw new CommandError(`${option} ${file}: its name must end in .svg or .png`)
  // Only then: help need not wait for it.
  return async (svg) => {
    const { writeFile } = await import('./write-file.ts')
    const { toPng } = await import('@hearsay/results/pictures')
    writeFile(file, [kind === 'svg' ? svg : toPng(svg)])
  }
}
