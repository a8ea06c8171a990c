// Makes a tarball of each package, as a registry would have it: JavaScript, types and no tests.
//   node scripts/lab/tarballs.ts [--out DIR] [--repository URL]
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { commandLine, usageError } from '../command-line.ts'

const root = join(import.meta.dirname, '../..')
const tools = join(root, 'node_modules', '.bin')

/** The names of the packages' folders. */
export const rooms: readonly string[] = readdirSync(join(root, 'packages')).sort()

/**
 * Compiles all packages and writes their tarballs into a folder, each with the address of the repository, if there is one.
 * Throws when they do not compile.
 */
export function makeTarballs(out: string, repository: string | undefined): string[] {
  const folders = rooms.map((room) => join(root, 'packages', room))
  // What was compiled of sources that are gone would be packed too.
  for (const folder of folders) if (hasLeftovers(folder)) rmSync(join(folder, 'dist'), { recursive: true, force: true })
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
    if (repository !== undefined) addRepository(filename, repository)
    return filename
  })
}

function hasLeftovers(folder: string): boolean {
  const sourceOf = (file: string): string => join(folder, 'src', file)
  return globSync('**/*.js', { cwd: join(folder, 'dist') }).some(
    (file) => !existsSync(sourceOf(file)) && !existsSync(sourceOf(file.replace(/js$/, 'ts'))),
  )
}

/** Which the packages themselves do not know: a clone may come from anywhere. */
function addRepository(tarball: string, url: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-tarball-'))
  try {
    execFileSync('tar', ['xzf', tarball, '-C', folder])
    const file = join(folder, 'package/package.json')
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { readonly repository: object }
    const repository = { ...manifest.repository, url }
    writeFileSync(file, `${JSON.stringify({ ...manifest, repository }, null, 2)}\n`)
    execFileSync('tar', ['czf', tarball, '-C', folder, 'package'])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Where this clone comes from; undefined when it comes from nowhere. */
function originOf(): string | undefined {
  try {
    return execFileSync('git', ['remote', 'get-url', 'origin'], { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return undefined
  }
}

if (import.meta.main) {
  const help = `pnpm tarballs: a tarball of each package, as a registry would have it: JavaScript, types and no tests.
Where npm has nothing else of Hearsay, install the packages that are wanted together with those that they need:

    npm install hearsay-catalogue-*.tgz hearsay-aggregation-*.tgz
    npm install hearsay-catalogue-*.tgz hearsay-aggregation-*.tgz hearsay-protocol-*.tgz hearsay-adversary-*.tgz
    npm install hearsay-*.tgz

  --out DIR           where to; tarballs unless given
  --repository URL    of the repository, which package.json of each then names; the remote origin unless given`
  const { out, repository = originOf() } = commandLine(help, {
    out: { type: 'string', default: 'tarballs' },
    repository: { type: 'string' },
  })
  if (existsSync(out) && !statSync(out).isDirectory()) usageError(`--out ${out} is a file`)
  if (repository === undefined)
    console.error('The packages name no address of their repository: this clone has no origin. Give --repository URL.')
  for (const file of makeTarballs(resolve(out), repository)) console.log(file)
}
