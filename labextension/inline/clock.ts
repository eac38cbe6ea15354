import type { Run } from './model';

const begins = new WeakMap<Partial<Run>, number>();

/**
 * When the run began, in milliseconds of this page's clock: the kernel's may be another.
 *
 * It counts from when `run` was first seen, so that a view made later shows the same time.
 */
export function beginOf(run: Partial<Run>): number {
  const known = begins.get(run);
  const begin = known ?? performance.now() - 1000 * (run.seconds ?? 0);
  begins.set(run, begin);
  return begin;
}
