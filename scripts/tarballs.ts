// Makes a tarball of each package, as a registry would have it: JavaScript, types and no tests.
//   node scripts/tarballs.ts [--out DIR]
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { commandLine, usageError } from './command-line.ts'

const root = join(import.meta.dirname, '..')
const tools = join(root, 'node_modules', '.bin')

/** The names of the packages' folders. */
export const rooms: readonly string[] = readdirSync(join(root, 'packages')).sort()

/** Compiles all packages and writes their tarballs into a folder. Throws when they do not compile. */
export function makeTarballs(out: string): string[] {
  const folders = rooms.map((room) => join(root, 'packages', room))
  // What was compiled of sources that are gone would be packed too.
  for (const folder of folders) rmSync(join(folder, 'dist'), { recursive: true, force: true })
  execFileSync(join(tools, 'tsc'), ['-b', ...folders], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  mkdirSync(out, { recursive: true })
  return folders.map((folder) => {
    // The wire codec is JavaScript, which the compiler leaves where it is.
    for (const file of globSync('**/*.pb.{js,d.ts}', { cwd: join(folder, 'src') }))
      cpSync(join(folder, 'src', file), join(folder, 'dist', file))
    const words = ['pack', '--json', '--pack-destination', out]
    const { filename } = JSON.parse(execFileSync(join(tools, 'pnpm'), words, { cwd: folder, encoding: 'utf8' })) as {
      readonly filename: string
    }
    return filename
  })
}

if (import.meta.main) {
  const help = `pnpm tarballs: a tarball of each package, as a registry would have it: JavaScript, types and no tests.
Where npm has nothing else of Hearsay, install the packages that are wanted together with those that they need:

    npm install hearsay-aggregation-*.tgz
    npm install hearsay-aggregation-*.tgz hearsay-protocol-*.tgz hearsay-adversary-*.tgz
    npm install hearsay-*.tgz

  --out DIR    where to; tarballs unless given`
  const { out } = commandLine(help, { out: { type: 'string', default: 'tarballs' } })
  if (existsSync(out) && !statSync(out).isDirectory()) usageError(`--out ${out} is a file`)
  for (const file of makeTarballs(resolve(out))) console.log(file)
}
