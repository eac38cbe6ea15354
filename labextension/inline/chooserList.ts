import type { Line } from './chooser';
import { elementOf } from './element';

/** Lines that PageUp and PageDown go. */
const PAGE = 10;

const element = elementOf('Chooser');
let lists = 0;

/** A filter and the lines that have all of its words; one of them is marked. */
export class ChooserList {
  constructor(title: string, lines: Line[]) {
    const id = `jp-AmlflowChooser-${++lists}`;
    this.node.id = id;
    this.node.setAttribute('role', 'listbox');
    this.node.tabIndex = -1; // the keys work in the filter
    this.node.setAttribute('aria-label', title);
    this.filter.type = 'text';
    this.filter.autocomplete = 'off';
    this.filter.spellcheck = false;
    this.filter.placeholder = 'Type to filter';
    this.filter.setAttribute('role', 'combobox');
    this.filter.setAttribute('aria-label', `Filter: ${title}`);
    this.filter.setAttribute('aria-controls', id);
    this.filter.setAttribute('aria-expanded', 'true');
    this.filter.setAttribute('aria-autocomplete', 'list');
    this.texts = lines.map(line =>
      `${line.label} ${line.detail}`.toLowerCase()
    );
    this.options = lines.map((line, index) =>
      this.option(line, `${id}-${index}`, index)
    );
    this.node.append(...this.options);
    this.filter.addEventListener('input', () => this.narrow());
    this.filter.addEventListener('keydown', event => this.press(event));
    this.narrow();
  }

  /** Called when the marked line is chosen. */
  choose: () => void = () => {};
  /** Called when another line is marked, or none. */
  moved: () => void = () => {};

  readonly filter = element('input', 'filter');
  readonly node = element('div', 'list');

  /** Which line is marked, as its place among all of them. */
  get chosen(): number | null {
    return this.marked;
  }

  private option(line: Line, id: string, index: number): HTMLElement {
    const option = element('div', 'option');
    option.id = id;
    option.title = `${line.label}\n${line.detail}`;
    option.setAttribute('role', 'option');
    option.append(
      element('span', 'label', line.label),
      element('span', 'detail', line.detail)
    );
    // The filter keeps the focus, so that the keys go on working.
    option.addEventListener('mousedown', event => event.preventDefault());
    option.addEventListener('click', () => {
      this.filter.focus();
      this.mark(index);
    });
    option.addEventListener('dblclick', () => this.choose());
    return option;
  }

  private narrow(): void {
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.shown = [];
    this.texts.forEach((text, index) => {
      const fits = words.every(word => text.includes(word));
      this.options[index]!.hidden = !fits;
      if (fits) {
        this.shown.push(index);
      }
    });
    const kept = this.marked !== null && this.shown.includes(this.marked);
    this.mark(kept ? this.marked : (this.shown[0] ?? null));
  }

  private press(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE }[
      event.key
    ];
    if (step !== undefined) {
      this.move(step);
    } else if (event.key === 'Enter' && !event.isComposing) {
      this.choose();
    } else if (event.key === 'Escape' && this.filter.value) {
      this.filter.value = '';
      this.narrow();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private move(step: number): void {
    const at = this.marked === null ? -1 : this.shown.indexOf(this.marked);
    const next = Math.max(0, Math.min(this.shown.length - 1, at + step));
    this.mark(this.shown[next] ?? null);
  }

  private mark(index: number | null): void {
    if (this.marked !== null) {
      this.options[this.marked]?.setAttribute('aria-selected', 'false');
    }
    this.marked = index;
    const option = index === null ? undefined : this.options[index];
    option?.setAttribute('aria-selected', 'true');
    this.filter.setAttribute('aria-activedescendant', option?.id ?? '');
    if (option) {
      this.scrollTo(option);
    }
    this.moved();
  }

  /** Scroll the list alone: the notebook around it stays where it is. */
  private scrollTo(option: HTMLElement): void {
    const top = option.offsetTop;
    const bottom = top + option.offsetHeight;
    if (top < this.node.scrollTop) {
      this.node.scrollTop = top;
    } else if (bottom > this.node.scrollTop + this.node.clientHeight) {
      this.node.scrollTop = bottom - this.node.clientHeight;
    }
  }

  private readonly texts: string[];
  private readonly options: HTMLElement[];
  private shown: number[] = [];
  private marked: number | null = null;
}
