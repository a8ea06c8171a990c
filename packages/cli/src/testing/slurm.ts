import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** Debian's slurm-wlm, as root: a controller and a node of this machine, without systemd. */
export const hasSlurm =
  process.getuid?.() === 0 &&
  ['/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/sbin/munged'].every((path) => existsSync(path))

export interface Slurm {
  /** With which its commands find it. */
  readonly env: NodeJS.ProcessEnv
  command(file: string, ...words: string[]): string
  stop(): Promise<void>
}

/** Ends only when its node takes jobs. */
export async function startSlurm(): Promise<Slurm> {
  const root = mkdtempSync(join(tmpdir(), 'hearsay-slurm-'))
  for (const name of ['state', 'spool', 'munge']) mkdirSync(join(root, name), { mode: 0o755 })
  const conf = join(root, 'slurm.conf')
  writeFileSync(conf, confOf(root, await freePort(), await freePort()))
  const env = { ...process.env, SLURM_CONF: conf }
  writeFileSync(join(root, 'munge/key'), crypto.getRandomValues(new Uint8Array(128)), { mode: 0o400 })
  const at = (name: string): string => join(root, 'munge', name)
  const files = [
    `--key-file=${at('key')}`,
    `--socket=${at('socket')}`,
    `--pid-file=${at('pid')}`,
    `--log-file=${at('log')}`,
    `--seed-file=${at('seed')}`,
  ]
  const children = [
    begin('/usr/sbin/munged', ['--foreground', '--force', ...files], env),
    begin('/usr/sbin/slurmctld', ['-D', '-f', conf], env),
    begin('/usr/sbin/slurmd', ['-D', '-f', conf, '-N', 'here'], env),
  ]
  const command = (file: string, ...words: string[]): string =>
    execFileSync(file, words, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  const stop = async (): Promise<void> => {
    for (const child of children.toReversed()) await ended(child)
    rmSync(root, { recursive: true, force: true })
  }
  const isIdle = (): boolean => {
    try {
      return command('sinfo', '--noheader', '--format=%t') === 'idle'
    } catch {
      return false
    }
  }
  for (let tries = 0; !isIdle(); tries++) {
    if (tries < 300) {
      await setTimeout(200)
      continue
    }
    const logs = ['slurmctld.log', 'slurmd.log', 'munge/log'].map((name) => tailOf(join(root, name)))
    await stop()
    throw new Error(`slurm did not come up:\n${logs.join('\n')}`)
  }
  return { env, command, stop }
}

function begin(file: string, words: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(file, words, { env, stdio: 'ignore' })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

function confOf(root: string, controllerPort: number, nodePort: number): string {
  return `ClusterName=hearsay
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${root}/munge/socket
CredType=cred/munge
StateSaveLocation=${root}/state
SlurmdSpoolDir=${root}/spool
SlurmctldPidFile=${root}/slurmctld.pid
SlurmdPidFile=${root}/slurmd.pid
SlurmctldLogFile=${root}/slurmctld.log
SlurmdLogFile=${root}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=2
ReturnToService=2
NodeName=here NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${nodePort} CPUs=2 RealMemory=2048 State=UNKNOWN
PartitionName=all Nodes=here Default=YES MaxTime=INFINITE State=UP
`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

function tailOf(path: string): string {
  return existsSync(path) ? `${path}\n${readFileSync(path, 'utf8').slice(-1500)}` : `${path}: none`
}
