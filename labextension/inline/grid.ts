import { Chart, type ChartContext } from './chart';
import type { ChoiceStore } from './choices';
import { button, element, setText } from './element';
import { EMPTY_FRAME, type Frame } from './frame';
import { sectionsOf, type ChartGroup, type Section } from './groups';
import { onThemeChange } from './theme';

const FIRST_CHARTS = 12;
const FOLDED = ['system'];

/** The charts of a frame, section by section, as many beside each other as there is room for. */
export class Grid {
  readonly node = element('div', 'grid');

  constructor(
    private readonly context: ChartContext,
    private readonly store: ChoiceStore
  ) {
    this.node.append(this.sections, this.empty, this.more, this.rest);
    this.sizes = new ResizeObserver(() => this.schedule());
    this.sizes.observe(this.node);
    const { stage } = context;
    const zoomed = () => this.each(chart => chart.zoomed());
    const pointed = () => this.each(chart => chart.pointed());
    stage.zoomed.add(zoomed);
    stage.pointed.add(pointed);
    this.forget = [
      onThemeChange(() => this.each(chart => chart.repaint())),
      store.subscribe(() => this.schedule()),
      () => stage.zoomed.delete(zoomed),
      () => stage.pointed.delete(pointed)
    ];
  }

  show(frame: Frame): void {
    this.frame = frame;
    this.schedule();
  }

  dispose(): void {
    this.sizes.disconnect();
    this.forget.forEach(forget => forget());
    cancelAnimationFrame(this.scheduled);
    this.each(chart => chart.dispose());
  }

  private schedule(): void {
    cancelAnimationFrame(this.scheduled);
    this.scheduled = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const { hidden } = this.store.current;
    const sections = sectionsOf(this.frame, new Set(hidden));
    const boxes = sections.map(section => this.box(section));
    place(this.sections, boxes);
    let room = this.all ? Infinity : FIRST_CHARTS;
    let left = 0;
    const shown = new Map<string, ChartGroup>();
    for (const [index, section] of sections.entries()) {
      const charts = this.isOpen(section.name) ? section.charts : [];
      const some = charts.slice(0, room);
      room -= some.length;
      left += charts.length - some.length;
      some.forEach(group => shown.set(group.key, group));
      const nodes = some.map(group => this.chart(group.key).node);
      const box = boxes[index]!.lastElementChild as HTMLElement;
      box.hidden = !nodes.length;
      place(box, nodes);
    }
    this.drop(shown);
    this.fill(shown);
    this.tellRest(left, sections.length === 0);
  }

  private fill(shown: Map<string, ChartGroup>): void {
    const { current } = this.store;
    const [first] = this.charts.values();
    const width = Math.floor(first?.node.clientWidth ?? 0);
    const several = [...shown.values()].some(group => group.curves.length > 1);
    const look = { width, twoLines: several && current.legend };
    for (const [key, group] of shown) {
      this.charts.get(key)?.show(group, current, this.frame.head.began, look);
    }
  }

  private chart(key: string): Chart {
    const chart = this.charts.get(key) ?? new Chart(this.context);
    this.charts.set(key, chart);
    return chart;
  }

  private drop(shown: Map<string, ChartGroup>): void {
    for (const [key, chart] of this.charts) {
      if (!shown.has(key)) {
        chart.dispose();
        chart.node.remove();
        this.charts.delete(key);
      }
    }
  }

  private isOpen(name: string): boolean {
    const toggled = this.store.current.toggled.includes(name);
    return FOLDED.includes(name) === toggled;
  }

  /** A section's heading, which folds it, and the place for its charts. */
  private box({ name, charts }: Section): HTMLElement {
    const known = this.boxes.get(name);
    const box = known ?? element('section', 'section');
    if (!known) {
      this.boxes.set(name, box);
      const toggle = button('fold', '', () => {
        const toggled = this.store.current.toggled.includes(name);
        this.store.put('toggled', [name], !toggled);
      });
      toggle.hidden = !name;
      toggle.append(
        element('span', 'chevron'),
        element('span', 'sectionName', name),
        element('span', 'sectionCount')
      );
      box.append(toggle, element('div', 'charts'));
    }
    const toggle = box.firstElementChild as HTMLElement;
    toggle.setAttribute('aria-expanded', String(this.isOpen(name)));
    setText(
      toggle.lastElementChild as HTMLElement,
      this.context.words.charts(charts.length)
    );
    return box;
  }

  private tellRest(left: number, none: boolean): void {
    const { words } = this.context;
    const { charts, left_out } = this.frame.head;
    this.more.hidden = left <= 0;
    setText(this.more, words.showMore(left));
    setText(this.rest, left_out ? words.notDrawn(left_out) : '');
    setText(this.empty, none && charts.length ? words.allHidden : '');
  }

  private each(act: (chart: Chart) => void): void {
    this.charts.forEach(act);
  }

  private all = false;
  private scheduled = 0;
  private frame: Frame = EMPTY_FRAME;
  private readonly charts = new Map<string, Chart>();
  private readonly boxes = new Map<string, HTMLElement>();
  private readonly sizes: ResizeObserver;
  private readonly forget: (() => void)[];
  private readonly sections = element('div', 'sections');
  private readonly empty = element('div', 'rest');
  private readonly rest = element('div', 'rest');
  private readonly more = button('more', '', () => {
    this.all = true;
    this.draw();
  });
}

/** Makes `nodes` the children, moving only what is elsewhere: what has the focus keeps it. */
function place(parent: HTMLElement, nodes: HTMLElement[]): void {
  nodes.forEach((node, index) => {
    const there = parent.children[index];
    if (there !== node) {
      parent.insertBefore(node, there ?? null);
    }
  });
  while (parent.children.length > nodes.length) {
    parent.lastElementChild?.remove();
  }
}
