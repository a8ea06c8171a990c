import { allRegistries } from '../registries.ts'

/** A scenario with a bit of everything, for tests. */
export const exampleText = `# yaml-language-server: $schema=./scenario.schema.json
name: one-third
question: What breaks when more than a third of the peers lie, and what does not?
peers: 10
tolerated: 3
task: { dataset: digits, model: mlp, partition: { kind: iid } }
learning: { localSteps: 10, batchSize: 32, learningRate: 0.1 }
aggregation: { rule: trimmed-mean }
agreement: { kind: exact, graceMs: 250, timeoutMs: 100 }
network: { transport: memory }
topology: { kind: full }
rounds: 8
seeds: [1]
stallMs: 15000

sweep:
  - label: no liars
    adversaries.count: 0
  - adversaries.behaviour: [sign-flip, silent]
    adversaries.count: [3, 4]
  - adversaries.behaviour: split-brain
    adversaries.count: [3, 4]
    partitions: { groups: halves, bridge: adversaries, untilRound: 3 }
  - aggregation.rule: mean
    adversaries: { count: 1, behaviour: sign-flip, scale: 10 }

expect:
  - where: { malicious: [0, 3] }
    check: liveness.ended == liveness.rounds
  - where: { adversaries.count: 3 }
    check: accuracy.least >= baseline.accuracy.least - 0.02
    text: three liars cost at most two points of accuracy
  - { where: { adversaries: { count: 4, behaviour: split-brain } }, check: evidence.culprits == 4 }
  - { check: evidence.falseAccusations == 0 }
`

/** The least that a scenario says. */
export const leastText = 'name: least\nquestion: Does it run?\npeers: 4\ntolerated: 1\nrounds: 1\n'

/** The rules that peers can use, and what liars may do, as errors list them. */
export const namedRules = [...allRegistries.rules.values()]
  .flatMap(({ name, context }) => (context === 'root' ? [] : [name]))
  .join(', ')
export const namedBehaviours = [allRegistries.attacks, allRegistries.poisons, allRegistries.protocolAttacks]
  .flatMap((registry) => [...registry.keys()])
  .join(', ')
