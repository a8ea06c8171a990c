import type { Command } from 'commander'

export function addAttacks(program: Command): void {
  program
    .command('attacks')
    .description('list the attacks: on updates, on data, and on the protocol')
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
  const { attacks } = await import('@hearsay/adversary/updates')
  const { optionsOfProtocolAttack, protocolAttacks } = await import('@hearsay/adversary')
  const { describeOptions } = await import('./options.ts')
  const onUpdates = [...attacks.values()].map(({ name, summary, paper, options }) => {
    const { member, options: defaults } = attacks.resolve(name, {})
    return { name, summary, paper, colludes: member.colludes(defaults), options: describeOptions(options) }
  })
  const { poisons } = await import('@hearsay/training/schema')
  const onData = [...poisons.values()].map(({ name, summary, options }) => ({
    name,
    summary,
    options: describeOptions(options),
  }))
  const onProtocol = [...protocolAttacks.values()].map((attack) => {
    const { name, summary, virtual = false } = attack
    return { name, summary, virtual, options: describeOptions(optionsOfProtocolAttack(attack)) }
  })
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ attacks: onUpdates, poisons: onData, protocolAttacks: onProtocol }, null, 2)}\n`,
    )
    return
  }
  const width = Math.max(...[...onUpdates, ...onData, ...onProtocol].map(({ name }) => name.length))
  const list = (described: readonly { readonly name: string; readonly summary: string }[]): string =>
    described.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}\n`).join('')
  process.stdout.write(`On updates:\n${list(onUpdates)}\nOn data, in scenarios:\n${list(onData)}\n`)
  process.stdout.write(`On the protocol, in scenarios:\n${list(onProtocol)}`)
  process.stdout.write('\n--json tells options and papers.\n')
}
