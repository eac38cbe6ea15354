import { Poll } from '@lumino/polling';

/** Seconds; an unreachable store is asked ever more rarely, but at least this often. */
const SLOWEST = 60;

export interface PollOptions {
  name: string;
  /** Rejects when the look at the store failed, so that the next one waits longer. */
  load: () => Promise<void>;
  /** Whether somebody looks; a hidden page counts as nobody. */
  visible: () => boolean;
  /** Seconds. */
  interval?: number;
}

/** Look at the store again and again while somebody looks at the result. */
export function startPoll(options: PollOptions): Poll {
  return new Poll({
    name: options.name,
    factory: options.load,
    frequency: frequency(options.interval ?? 3),
    standby: () => (options.visible() ? 'when-hidden' : true)
  });
}

export function setPace(poll: Poll, seconds: number): void {
  poll.frequency = frequency(seconds);
}

/** Unlike `Poll.refresh`, not held up by a load that is under way for an older wish. */
export function loadNow(poll: Poll): void {
  void poll.schedule({ phase: 'refreshed', interval: Poll.IMMEDIATE });
}

/** The sentence to show for whatever was thrown. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function frequency(seconds: number) {
  const interval = seconds * 1000;
  return { interval, backoff: true, max: Math.max(interval, SLOWEST * 1000) };
}
