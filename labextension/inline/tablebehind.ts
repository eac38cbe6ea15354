import type { Drawing } from './drawing';
import { element } from './element';
import { valueTable } from './values';

const PAUSE_MS = 2000;

interface Content {
  drawing: Drawing;
  range: [number, number];
  caption: string;
  axis: string;
}

/** The table behind a chart: there for screen readers, and for all when it is opened. */
export class TableBehind {
  readonly node = element('div', 'table');

  /** Shows other values: at once where they are seen, else when there is time. */
  show(content: Content): void {
    this.content = content;
    if (this.open) {
      this.fill();
    } else {
      this.timer ??= setTimeout(() => this.fill(), PAUSE_MS);
    }
  }

  toggle(): void {
    this.open = !this.open;
    this.node.classList.toggle('jp-AmlflowLive-open', this.open);
    this.node.tabIndex = this.open ? 0 : -1;
    this.fill();
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private fill(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.content) {
      const { drawing, range, caption, axis } = this.content;
      const { scrollTop } = this.node;
      this.node.replaceChildren(valueTable(drawing, range, caption, axis));
      this.node.scrollTop = scrollTop;
    }
  }

  private open = false;
  private content: Content | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
}
