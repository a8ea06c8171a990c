/** Training processes of each of so many jobs at once: two, as of one by itself, where there are cores for them. */
export function trainersBeside(parallel: number, cores: number): number {
  return Math.max(1, Math.min(2, Math.floor(cores / parallel)))
}
