import { button, element, setText } from './element';
import type { Kernel } from './kernel';
import type { words } from './words';

// amlflow's own extension of JupyterLab listens to it: see `interrupt` among its plugins.
const STOP_EVENT = 'amlflow:interrupt';

/** Interrupts the run's cell, after a second click beside the first. */
export class Stop {
  readonly node = element('span', 'stop');

  constructor(
    private readonly words_: ReturnType<typeof words>,
    private readonly kernel: Kernel
  ) {
    this.first = button('tool', `■ ${words_.stop}`, () => this.ask(true));
    this.first.classList.add('jp-AmlflowLive-stopFirst');
    const yes = button('tool', words_.stopYes, () => void this.stop());
    const no = button('tool', words_.stopNo, () => this.ask(false));
    yes.classList.add('jp-AmlflowLive-stopYes');
    this.said.setAttribute('role', 'status');
    this.asked.setAttribute('role', 'group');
    this.asked.setAttribute('aria-label', words_.stopAsk);
    this.asked.append(element('span', 'question', words_.stopAsk), yes, no);
    this.asked.addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        this.ask(false);
      }
    });
    this.node.append(this.first, this.asked, this.said);
    this.asked.hidden = true;
    this.show(false);
  }

  show(running: boolean): void {
    this.node.hidden = !running;
  }

  private ask(asking: boolean): void {
    this.asked.hidden = !asking;
    this.first.hidden = asking;
    setText(this.said, '');
    // What Enter would press by mistake keeps the cell running.
    const focus = asking ? this.asked.lastElementChild : this.first;
    (focus as HTMLElement | null)?.focus();
  }

  private async stop(): Promise<void> {
    this.ask(false);
    setText(this.said, this.words_.stopping);
    this.first.disabled = true;
    // The kernel knows whether the run goes on: only where it does not answer, others are asked.
    const done = (await this.kernel.stop()) ?? this.throughFrontEnd();
    this.first.disabled = false;
    setText(this.said, done ? this.words_.stopping : this.words_.stopLost);
  }

  /** Whoever can interrupt the kernel from outside says so by cancelling the event. */
  private throughFrontEnd(): boolean {
    const event = new CustomEvent(STOP_EVENT, {
      bubbles: true,
      cancelable: true,
      composed: true
    });
    return !this.node.dispatchEvent(event);
  }

  private readonly first: HTMLButtonElement;
  private readonly asked = element('span', 'confirm');
  private readonly said = element('span', 'said');
}
