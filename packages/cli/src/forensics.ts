import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { plain, plainJson } from '@hearsay/catalogue/words'
import type { Verdict } from '@hearsay/ledger'
import type { Command } from 'commander'
import { writeFile } from './write-file.ts'

interface ForensicsFlags {
  readonly out?: string
  readonly json?: boolean
}

export function addForensics(program: Command): void {
  program
    .command('forensics')
    .description('name those who broke the agreement, with proofs, from the ledgers of honest peers')
    .argument('<path...>', 'the folder of a run, or folders of peers, or files of ledgers')
    .option('--out <folder>', 'where the proofs go; proofs in the first folder unless given')
    .option('--json', 'print the verdicts as JSON')
    .addHelpText(
      'after',
      `
Ledgers of one network are compared, round by round, and evidence that peers kept is checked. Whenever two ledgers hold
different checkpoints of one round, peers that weigh more than f signed both, and are named. No honest peer ever is, whoever
gives the ledgers: only what is signed counts. Each proof is a file that hearsay verify checks anywhere.

Exit codes: 0 nobody is guilty of anything, 1 somebody is, 2 there is nothing to look at.

Examples:
  hearsay forensics runs/latest
  hearsay forensics peer-a peer-b peer-c --out proofs`,
    )
    .action(forensics)
}

async function forensics(paths: readonly string[], flags: ForensicsFlags): Promise<void> {
  // Only here: other commands need not wait for libp2p.
  const { findLedgers, investigate } = await import('@hearsay/ledger')
  const verdicts = investigate(paths.flatMap((path) => findLedgers(path)))
  const [first = '.'] = paths
  const out = flags.out ?? join(statSync(first).isDirectory() ? first : dirname(first), 'proofs')
  const told = verdicts.map((verdict) => ({ ...verdict, proofs: writeProofs(verdict, out) }))
  if (flags.json) process.stdout.write(`${plainJson({ verdicts: told }, 2)}\n`)
  else process.stdout.write(`${plain(told.map(describe).join('\n'))}\n`)
  if (told.some(({ culprits }) => culprits.length > 0)) process.exitCode = 1
}

/** Replaces what each proof says by where it is. */
function writeProofs({ network, proofs }: Verdict, out: string): Proven[] {
  const folder = join(out, network.slice(0, 16))
  return proofs.map(({ file, ...proof }, at) => {
    const path = join(folder, `${proof.kind}-${at + 1}.json`)
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
    writeFile(path, [file])
    return { ...proof, path }
  })
}

type Proven = Omit<Verdict['proofs'][number], 'file'> & { readonly path: string }
type Told = Omit<Verdict, 'proofs'> & { readonly proofs: readonly Proven[] }

function describe(verdict: Told): string {
  const { network, ledgers, peers, weight, tolerated, end, fork, refused } = verdict
  const held =
    end === 'certified'
      ? '  ✓ The agreement held: no two ledgers differ.'
      : `  – Its rounds are ${end}, and not certified: there are no certificates to compare.`
  const heights = ledgers.map(({ rounds }) => rounds)
  // The folder of a cell of a run, which a digest does not tell.
  const [folder = '', ...others] = new Set(ledgers.map(({ path }) => dirname(dirname(path))))
  const place = others.length === 0 ? `, in ${folder}` : ''
  return [
    `Network ${network}: ${peers} peers${weight === peers ? '' : ` that weigh ${weight}`}, of which ${tolerated} may lie`,
    `  ${ledgers.length} ledgers, of ${Math.min(...heights)} to ${Math.max(...heights)} rounds${place}`,
    ...ledgers.flatMap(({ path, broken }) =>
      broken === undefined ? [] : [`  ✗ ${path} is broken from round ${broken.round} on: ${broken.reason}`],
    ),
    ...refused.map(({ path, reason }) => `  ✗ ${path} proves nothing: ${reason}`),
    ...(fork === undefined ? [held] : describeFork(fork)),
    ...describeCulprits(verdict),
    '',
  ].join('\n')
}

function describeFork({ round, rounds, sides }: NonNullable<Verdict['fork']>): string[] {
  const more = rounds === 1 ? '' : ` (and for ${rounds - 1} more)`
  return [
    `  ✗ The agreement broke in round ${round}: there are ${sides.length} checkpoints for it${more}`,
    ...sides.flatMap(({ checkpoint, ledgers }) => [
      `      ${checkpoint.slice(0, 16)}… in`,
      ...ledgers.map((path) => `        ${path}`),
    ]),
  ]
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name.localeCompare(b.name, 'en', { numeric: true })

function describeCulprits({ culprits, fork, peers, weight, tolerated, proofs }: Told): string[] {
  if (culprits.length === 0) return ['  Nobody is guilty of anything that can be proved.']
  const least = fork === undefined ? '' : `; a fork takes at least f + 1 = ${tolerated + 1}`
  const weigh = culprits.reduce((sum, culprit) => sum + culprit.weight, 0)
  const together = weight === peers ? '' : `, of weight ${weigh}`
  return [
    `  Guilty, by their own signatures: ${culprits.length}${together}${least}`,
    ...culprits.toSorted(byName).map(({ name, id, proofs: by }) => {
      const acts = by.map((at) => `${proofs[at]!.kind} in round ${proofs[at]!.round} [${at + 1}]`)
      return `      ${name === id ? id : `${name}, ${id}`}: ${acts.join(', ')}`
    }),
    '  Proofs, which hearsay verify checks:',
    ...proofs.map(({ path }, at) => `      [${at + 1}] ${path}`),
  ]
}
