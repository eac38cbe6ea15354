import type { Frame } from './frame';
import { element, setText } from './element';
import { durationText } from './text';
import type { words } from './words';

/** How far a run is, where its user said how many steps it will have. */
export class Progress {
  readonly node = element('div', 'progress');

  constructor(private readonly words_: ReturnType<typeof words>) {
    this.bar.setAttribute('role', 'progressbar');
    this.bar.setAttribute('aria-label', words_.progress);
    this.bar.append(this.done);
    this.node.append(this.bar, this.text);
    this.node.hidden = true;
  }

  show(done: number, total: number | null, seconds: number): void {
    this.node.hidden = !total;
    if (!total) {
      return;
    }
    const part = Math.min(1, done / total);
    this.done.style.width = `${100 * part}%`;
    const count = (n: number) => n.toLocaleString('en');
    const told = this.words_.progressOf(count(done), count(total));
    const left = part > 0 && part < 1 ? (seconds / part) * (1 - part) : null;
    const rest = left === null ? '' : this.words_.left(durationText(left));
    this.bar.setAttribute('aria-valuenow', String(Math.round(100 * part)));
    this.bar.setAttribute('aria-valuetext', told);
    setText(this.text, [told, rest].filter(Boolean).join(' · '));
  }

  private readonly bar = element('div', 'track');
  private readonly done = element('div', 'done');
  private readonly text = element('span', 'progressText');
}

/** How many steps are done: counted from 0 or from 1, whichever was logged. */
export function stepsDone(frame: Frame): number {
  let least = Infinity;
  let most = -Infinity;
  frame.head.charts.forEach((head, index) => {
    const { places } = frame.curves[index] ?? {};
    const [base, unit] = head.offsets;
    if (head.axis !== 'step' || head.section === 'system' || !places?.length) {
      return;
    }
    // Curves are sent from left to right.
    least = Math.min(least, base + unit * places[0]!);
    most = Math.max(most, base + unit * places[places.length - 1]!);
  });
  if (most < 0) {
    return 0;
  }
  return least <= 0 ? most + 1 : most;
}
