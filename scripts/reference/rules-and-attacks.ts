// Which attack breaks which rule: what docs/attacks.md says of the run that docs/rules-and-attacks.json is from.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { median } from '@hearsay/scenario'

export const measuredFile = fileURLToPath(new URL('../../docs/rules-and-attacks.json', import.meta.url))

/** What is kept of a run of scenarios/rules-and-attacks.yaml. */
export interface Measured {
  readonly engine: string
  readonly seeds: readonly number[]
  readonly peers: number
  readonly tolerated: number
  readonly liars: number
  readonly rounds: number
  readonly setting: string
  readonly rules: readonly string[]
  /** The first is that of no liars. */
  readonly attacks: readonly string[]
  /** By rule, attack and seed, 0 to 1. */
  readonly accuracy: readonly (readonly (readonly number[])[])[]
  /** By rule and seed, 0 to 1. */
  readonly backdoor: readonly (readonly number[])[]
}

/** Of accuracy without liars: what is left when an attack is said to break a rule, and when it is said to hurt it. */
const broken = 0.5
const hurt = 0.85
/** Of pictures with the patch that get the target: from here on a backdoor is said to be open, or ajar. */
const open = 0.5
const ajar = 0.2

/** The section of docs/attacks.md. */
export function measuredSection(): string {
  const measured = JSON.parse(readFileSync(measuredFile, 'utf8')) as Measured
  const { engine, seeds, peers, tolerated, liars, rounds, setting, attacks } = measured
  return [
    '## Which attack breaks which rule\n',
    `Measured by [\`rules-and-attacks.yaml\`](../scenarios/rules-and-attacks.yaml): ${peers} peers that tolerate ${tolerated}, of`,
    `which ${liars} lie; ${setting}; ${rounds} rounds; seeds ${seeds.join(', ')};`,
    `engine ${engine}. These commands wrote the picture and the tables:\n`,
    '```',
    'npx hearsay run scenarios/rules-and-attacks.yaml',
    'node scripts/reference/write-rules-and-attacks.ts runs/latest',
    '```\n',
    '![Accuracy by rule and attack, and success of the backdoor](rules-and-attacks.png)\n',
    `An attack breaks a rule when less than ${100 * broken} % is left of the accuracy that the rule has without liars, and hurts it`,
    `when less than ${100 * hurt} % is. Of the backdoor, which accuracy does not show, the share of pictures with the patch that`,
    `get the label it aims at tells: ${100 * open} % or more is broken, ${100 * ajar} % or more is hurt. Verdicts are by medians of`,
    'the seeds; the second table has the least and the greatest too. With another seed the peers have other data.\n',
    'What liars have learnt is missing whatever they send, so a rule that leaves them out altogether has less than without',
    'liars. With so few seeds, differences of a few points say nothing.\n',
    '| Attack | Breaks | Hurts | Is borne by |',
    '|---|---|---|---|',
    ...attacks.slice(1).map((attack) => verdictRow(measured, attack)),
    '',
    'Accuracy in per cent, the median of seeds (the least – the greatest):\n',
    `| Rule | ${attacks.join(' | ')} | success of the backdoor |`,
    `|---${'|--:'.repeat(attacks.length + 1)}|`,
    ...measured.rules.map((rule, row) => {
      const shares = [...measured.accuracy[row]!, measured.backdoor[row]!]
      return `| ${rule} | ${shares.map(spread).join(' | ')} |`
    }),
    '',
  ].join('\n')
}

/** `62 (58–71)`, in per cent. */
function spread(shares: readonly number[]): string {
  const [middle, least, greatest] = [median(shares), Math.min(...shares), Math.max(...shares)].map((share) =>
    (100 * share).toFixed(0),
  )
  return `${middle} (${least}–${greatest})`
}

function verdictRow(measured: Measured, attack: string): string {
  const lists = verdictsOf(measured, attack).map((names) => {
    return names.length === measured.rules.length ? 'all' : names.length === 0 ? 'none' : names.join(', ')
  })
  return `| ${attack} | ${lists.join(' | ')} |`
}

/** The rules that an attack breaks, hurts, and neither. */
export function verdictsOf({ rules, attacks, accuracy, backdoor }: Measured, attack: string): string[][] {
  const column = attacks.indexOf(attack)
  const isBackdoor = attack.startsWith('backdoor')
  const verdicts = rules.map((_, row) => {
    const left = median(accuracy[row]![column]!) / median(accuracy[row]![0]!)
    const success = median(backdoor[row]!)
    if (isBackdoor ? success >= open : left < broken) return 'breaks'
    return (isBackdoor ? success >= ajar : left < hurt) ? 'hurts' : 'neither'
  })
  return ['breaks', 'hurts', 'neither'].map((wanted) => rules.filter((_, row) => verdicts[row] === wanted))
}
