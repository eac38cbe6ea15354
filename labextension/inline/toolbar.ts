import type { AxisChoice } from './axis';
import type { ChoiceStore, Choices } from './choices';
import { MetricChooser } from './metrics';
import { button, element, setText } from './element';
import type { Head } from './frame';
import type { Stage } from './stage';
import type { words } from './words';

const MOST = 0.99;

/** The controls that say how charts are drawn; they need no kernel. */
export class Toolbar {
  readonly node = element('div', 'tools');

  constructor(
    private readonly words_: ReturnType<typeof words>,
    private readonly store: ChoiceStore,
    private readonly stage: Stage
  ) {
    this.chooser = new MetricChooser(words_, store);
    this.reset = button('tool', words_.resetZoom, () => stage.zoomTo(null));
    this.reset.title = words_.resetZoomHint;
    this.bar.setAttribute('role', 'toolbar');
    this.bar.setAttribute('aria-label', words_.controls);
    this.bar.append(
      this.smoothing(),
      this.axis(),
      this.check('log', words_.log),
      this.check('legend', words_.legend),
      this.chooser.opener,
      this.reset
    );
    this.node.append(this.bar, this.chooser.panel);
    this.node.hidden = true;
    stage.zoomed.add(this.follow);
    this.forget = store.subscribe(this.follow);
    this.follow();
  }

  show(head: Head): void {
    this.node.hidden = head.charts.length === 0;
    this.chooser.show(head);
  }

  dispose(): void {
    this.chooser.dispose();
    this.stage.zoomed.delete(this.follow);
    this.forget();
  }

  private smoothing(): HTMLElement {
    this.slider.type = 'range';
    this.slider.min = '0';
    this.slider.max = String(MOST);
    this.slider.step = '0.01';
    this.slider.addEventListener('input', () =>
      this.store.set({ smoothing: Number(this.slider.value) })
    );
    const label = element('label', 'field', `${this.words_.smoothing} `);
    label.append(this.slider, this.weight);
    return label;
  }

  private axis(): HTMLElement {
    for (const [value, text] of Object.entries(this.words_.axes)) {
      this.select.append(new Option(text, value));
    }
    this.select.addEventListener('change', () => {
      this.store.set({ axis: this.select.value as AxisChoice });
      this.stage.zoomTo(null);
    });
    const label = element('label', 'field', `${this.words_.axis} `);
    label.append(this.select);
    return label;
  }

  private check(name: 'log' | 'legend', text: string): HTMLElement {
    const box = this.boxes[name];
    box.type = 'checkbox';
    box.addEventListener('change', () =>
      this.store.set({ [name]: box.checked } as Partial<Choices>)
    );
    const label = element('label', 'field');
    label.append(box, element('span', 'fieldName', text));
    return label;
  }

  private readonly follow = (): void => {
    const { smoothing, axis, log, legend } = this.store.current;
    this.slider.value = String(smoothing);
    this.slider.setAttribute('aria-valuetext', smoothing.toFixed(2));
    setText(this.weight, smoothing.toFixed(2));
    this.select.value = axis;
    this.boxes.log.checked = log;
    this.boxes.legend.checked = legend;
    this.reset.disabled = !this.stage.zoom;
  };

  private readonly bar = element('div', 'toolbar');
  private readonly slider = element('input', 'slider');
  private readonly weight = element('span', 'weight');
  private readonly select = element('select', 'select');
  private readonly boxes = {
    log: element('input', 'box'),
    legend: element('input', 'box')
  };
  private readonly chooser: MetricChooser;
  private readonly reset: HTMLButtonElement;
  private readonly forget: () => void;
}
