import type { ChoiceStore } from './choices';
import { button, element, setText } from './element';
import type { Head } from './frame';
import type { words } from './words';

/** Which metrics are drawn: a list to search in, opened by a button. */
export class MetricChooser {
  readonly opener: HTMLButtonElement;
  readonly panel = element('div', 'metrics');

  constructor(
    private readonly words_: ReturnType<typeof words>,
    private readonly store: ChoiceStore
  ) {
    this.opener = button('tool', words_.choose, () => this.toggle());
    this.opener.setAttribute('aria-expanded', 'false');
    this.panel.hidden = true;
    this.search.type = 'search';
    this.search.placeholder = words_.search;
    this.search.setAttribute('aria-label', words_.search);
    this.search.addEventListener('input', () => this.fill());
    this.list.setAttribute('role', 'group');
    this.list.setAttribute('aria-label', words_.choose);
    const bar = element('div', 'metricsBar');
    bar.append(
      this.search,
      button('tool', words_.all, () => this.put(this.found(), false)),
      button('tool', words_.none, () => this.put(this.found(), true))
    );
    this.panel.append(bar, this.list, this.nothing);
    this.panel.addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        this.toggle();
        this.opener.focus();
      }
    });
    this.forget = store.subscribe(() => this.fill());
  }

  show(head: Head): void {
    const names = head.charts.map(chart => chart.name);
    if (names.join('\n') !== this.names.join('\n')) {
      this.names = names;
      this.fill();
    }
  }

  dispose(): void {
    this.forget();
  }

  private toggle(): void {
    this.panel.hidden = !this.panel.hidden;
    this.opener.setAttribute('aria-expanded', String(!this.panel.hidden));
    if (!this.panel.hidden) {
      this.fill();
      this.search.focus();
    }
  }

  private found(): string[] {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    return this.names.filter(name =>
      words.every(word => name.toLowerCase().includes(word))
    );
  }

  private put(names: string[], hidden: boolean): void {
    this.store.put('hidden', names, hidden);
  }

  private fill(): void {
    const drawn = this.names.filter(
      name => !this.store.current.hidden.includes(name)
    ).length;
    const all = drawn === this.names.length;
    const counted = `${drawn} / ${this.names.length}`;
    const { choose } = this.words_;
    setText(this.opener, all ? choose : `${choose} ${counted}`);
    if (this.panel.hidden) {
      return;
    }
    const found = this.found();
    const hidden = new Set(this.store.current.hidden);
    if (found.join('\n') !== [...this.boxes.keys()].join('\n')) {
      this.boxes.clear();
      this.list.replaceChildren(...found.map(name => this.item(name)));
    }
    this.boxes.forEach((box, name) => {
      box.checked = !hidden.has(name);
    });
    setText(this.nothing, found.length ? '' : this.words_.noMatch);
  }

  private item(name: string): HTMLElement {
    const label = element('label', 'choice');
    const box = element('input', 'box');
    box.type = 'checkbox';
    box.addEventListener('change', () => this.put([name], !box.checked));
    this.boxes.set(name, box);
    label.append(box, element('span', 'choiceName', name));
    label.title = name;
    return label;
  }

  private names: string[] = [];
  private readonly boxes = new Map<string, HTMLInputElement>();
  private readonly search = element('input', 'search');
  private readonly list = element('div', 'choices');
  private readonly nothing = element('div', 'rest');
  private readonly forget: () => void;
}
