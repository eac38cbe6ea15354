import { Chart } from './chart';
import { element, setText } from './element';
import type { Frame } from './frame';
import { onThemeChange } from './theme';
import { countText } from './text';

const FIRST_CHARTS = 12;

/** The charts of a frame, as many beside each other as there is room for. */
export class Grid {
  readonly node = element('div', 'charts');
  readonly more = element('button', 'more');
  readonly rest = element('div', 'rest');

  constructor() {
    this.more.type = 'button';
    this.more.hidden = true;
    this.more.addEventListener('click', () => {
      this.all = true;
      this.draw();
    });
    this.sizes = new ResizeObserver(() => this.schedule());
    this.sizes.observe(this.node);
    this.forgetTheme = onThemeChange(() =>
      this.charts.forEach(chart => chart.repaint())
    );
  }

  show(frame: Frame): void {
    this.frame = frame;
    this.schedule();
  }

  dispose(): void {
    this.sizes.disconnect();
    this.forgetTheme();
    cancelAnimationFrame(this.scheduled);
    this.charts.forEach(chart => chart.dispose());
  }

  private schedule(): void {
    cancelAnimationFrame(this.scheduled);
    this.scheduled = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const { head, curves } = this.frame;
    const count = this.all
      ? head.charts.length
      : Math.min(FIRST_CHARTS, head.charts.length);
    this.resize(count);
    const width = Math.floor(this.charts[0]?.node.clientWidth ?? 0);
    this.charts.forEach((chart, index) => {
      const one = head.charts[index];
      const curve = curves[index];
      if (one && curve) {
        chart.show(one, curve, width);
      }
    });
    this.tellRest(head.charts.length - count, head.left_out);
  }

  private resize(count: number): void {
    while (this.charts.length > count) {
      const chart = this.charts.pop();
      chart?.dispose();
      chart?.node.remove();
    }
    while (this.charts.length < count) {
      const chart = new Chart();
      this.charts.push(chart);
      this.node.append(chart.node);
    }
  }

  private tellRest(hidden: number, leftOut: number): void {
    this.more.hidden = hidden <= 0;
    setText(this.more, `Show ${hidden} more metric${hidden === 1 ? '' : 's'}`);
    const text = `${countText(leftOut, 'metric')} without a live chart`;
    setText(this.rest, leftOut ? text : '');
  }

  private all = false;
  private scheduled = 0;
  private frame: Frame = {
    head: { seq: -1, charts: [], left_out: 0 },
    curves: []
  };
  private readonly charts: Chart[] = [];
  private readonly sizes: ResizeObserver;
  private readonly forgetTheme: () => void;
}
