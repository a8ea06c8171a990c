import type { OptionDescriptors, Options } from '@hearsay/catalogue'
import type { Command } from 'commander'

interface RulesFlags {
  readonly updates: number
  readonly tolerated: number
  readonly json?: boolean
}

export function addRules(program: Command, numberOf: (text: string) => number): void {
  program
    .command('rules')
    .description('list the aggregation rules, and what may come before them')
    .option('--updates <n>', 'for which n to tell whether a rule is defined, and its κ', numberOf, 16)
    .option('--tolerated <f>', 'for which f', numberOf, 3)
    .option('--json', 'print everything as JSON: options with their limits and defaults too')
    .addHelpText(
      'after',
      `
A rule with κ is (f, κ)-robust: whatever f of the n vectors say, its result is no farther from the mean of the others
than the square root of κ times their variance. Less is better.

Examples:
  hearsay rules --updates 10 --tolerated 2
  hearsay rules --json | jq '.rules[] | {name, requirement, options}'`,
    )
    .action(listRules)
}

async function listRules({ updates: n, tolerated: f, json }: RulesFlags): Promise<void> {
  // Only here: help need not wait for it.
  const { beforeRules, rules } = await import('@hearsay/aggregation')
  const { describeOptions } = await import('./options.ts')
  const defaults = (options: OptionDescriptors): Options =>
    Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default ?? 1]))
  const described = [...rules.values()].map((rule) => {
    const {
      name,
      summary,
      requirementText: requirement,
      masks = 'refuses',
      weighted = 'refuses',
      context = null,
    } = rule
    const options = defaults(rule.options)
    const defined = n >= 1 && rule.requirement(n, f, options)
    const kappa = defined && rule.kappa ? rule.kappa(n, f, options) : null
    return {
      name,
      summary,
      requirement,
      defined,
      // JSON has no infinity.
      kappa: kappa === Number.POSITIVE_INFINITY ? 'infinite' : kappa,
      masks,
      weighted,
      context,
      options: describeOptions(rule.options),
    }
  })
  const before = [...beforeRules.values()].map((rule) => {
    const { name, summary, requirementText: requirement, masks = 'refuses', weighted = 'refuses' } = rule
    const defined = n >= 1 && rule.requirement(n, f, defaults(rule.options))
    return { name, summary, requirement, defined, masks, weighted, options: describeOptions(rule.options) }
  })
  if (json) {
    process.stdout.write(`${JSON.stringify({ n, f, rules: described, before }, null, 2)}\n`)
    return
  }
  const width = Math.max(...[...described, ...before].map(({ name }) => name.length))
  const line = (name: string, kappa: string, summary: string): string =>
    `${name.padEnd(width)}  ${kappa.padStart(8)}  ${summary}\n`
  const shown = (defined: boolean, kappa: string | number | null): string => {
    if (!defined) return 'not here'
    return kappa === null ? '–' : typeof kappa === 'number' ? String(Number(kappa.toPrecision(3))) : '∞'
  }
  process.stdout.write(line(`rule`, 'κ', `n = ${n}, f = ${f}`))
  for (const rule of described) process.stdout.write(line(rule.name, shown(rule.defined, rule.kappa), rule.summary))
  process.stdout.write(`\n${line('before a rule', '', '').trimEnd()}\n`)
  for (const rule of before) process.stdout.write(line(rule.name, rule.defined ? '' : 'not here', rule.summary))
  process.stdout.write('\nnot here: n and f do not meet its requirement. --json tells requirements and options.\n')
}
