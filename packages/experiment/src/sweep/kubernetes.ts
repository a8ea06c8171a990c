/**
 * Kubernetes: one Indexed Job over a volume that all pods see, with the numbers of the jobs in a config map. A pod that fails is begun
 * anew so often, for each number apart. (Kubernetes, "Jobs", batch/v1, with back-off per index: 1.29 and newer.)
 */
import { stringify } from 'yaml'
import type { KubernetesOptions, Rendered, ToSubmit } from './submission.ts'

const retries = 3

export function renderKubernetes(sweep: ToSubmit, options: KubernetesOptions): Rendered {
  const [config, job] = manifests(sweep, options)
  const written = [config, job].map((each) => stringify(each, { aliasDuplicateObjects: false, lineWidth: 0 }))
  return { path: `submit/${sweep.name}.yaml`, text: written.join('---\n') }
}

/** The config map and the job. */
export function manifests(sweep: ToSubmit, { image, claim, path, namespace }: KubernetesOptions) {
  const { name, indexes, atOnce, memoryMb, cpus } = sweep
  const metadata = {
    name,
    ...(namespace !== undefined && { namespace }),
    labels: { 'app.kubernetes.io/name': 'hearsay' },
  }
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { indexes: `${indexes.join('\n')}\n` } }
  const resources = { cpu: String(cpus), memory: `${memoryMb}Mi` }
  const number = '"$(sed -n "$((JOB_COMPLETION_INDEX + 1))p" /jobs/indexes)"'
  const container = {
    name: 'job',
    image,
    command: ['sh', '-c', `exec hearsay sweep run /sweep --index ${number}`],
    resources: { requests: resources, limits: { memory: resources.memory } },
    volumeMounts: [
      { name: 'sweep', mountPath: '/sweep', ...(path !== undefined && { subPath: path }) },
      { name: 'jobs', mountPath: '/jobs', readOnly: true },
    ],
  }
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: {
      completionMode: 'Indexed',
      completions: indexes.length,
      parallelism: Math.min(atOnce, indexes.length),
      backoffLimitPerIndex: retries,
      // One that fails for good ends no other.
      maxFailedIndexes: indexes.length,
      activeDeadlineSeconds: secondsOf(sweep.time) * Math.ceil(indexes.length / atOnce) * (retries + 1),
      template: {
        metadata: { labels: metadata.labels },
        spec: {
          restartPolicy: 'Never',
          containers: [container],
          volumes: [
            { name: 'sweep', persistentVolumeClaim: { claimName: claim } },
            { name: 'jobs', configMap: { name } },
          ],
        },
      },
    },
  }
  return [config, job] as const
}

/** Of a time as Slurm has it: minutes, or hours:minutes:seconds, or minutes:seconds. */
function secondsOf(time: string): number {
  const parts = time.split(':').map(Number)
  if (parts.length === 1) return parts[0]! * 60
  return parts.reduce((sum, part) => sum * 60 + part, 0)
}
