import type { Command } from 'commander'

export function addAttacks(program: Command): void {
  program
    .command('attacks')
    .description('list the attacks on updates')
    .option('--json', 'print everything as JSON: options with their limits and defaults, and papers too')
    .addHelpText(
      'after',
      `
Examples:
  hearsay attacks
  hearsay attacks --json | jq '.attacks[] | {name, paper, options}'`,
    )
    .action(listAttacks)
}

async function listAttacks({ json }: { readonly json?: boolean }): Promise<void> {
  // Only here: help need not wait for it.
  const { attacks, resolveAttack } = await import('@hearsay/adversary/updates')
  const { describeOptions } = await import('./options.ts')
  const described = [...attacks.values()].map(({ name, summary, paper, options }) => {
    const { attack, options: defaults } = resolveAttack(name)
    return { name, summary, paper, colludes: attack.colludes(defaults), options: describeOptions(options) }
  })
  if (json) {
    process.stdout.write(`${JSON.stringify({ attacks: described }, null, 2)}\n`)
    return
  }
  const width = Math.max(...described.map(({ name }) => name.length))
  for (const { name, summary } of described) process.stdout.write(`${name.padEnd(width)}  ${summary}\n`)
  process.stdout.write('\n--json tells options and papers.\n')
}
