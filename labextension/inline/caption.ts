import { placeText } from './along';
import { nearest } from './axis';
import type { Drawing } from './drawing';
import { element, setText } from './element';
import type { ChartGroup } from './groups';
import { valueText } from './text';

/**
 * What stands above a chart: its title, and each curve's value, the last or the one pointed at.
 *
 * Where another chart has several curves, all have their values on a second line: the plots beside
 * each other stay level.
 */
export class Caption {
  readonly node = element('div', 'head');
  readonly line = element('div', 'caption');

  constructor() {
    this.line.append(this.title, this.at, this.value);
    this.node.append(this.line, this.keys);
  }

  show(
    group: ChartGroup,
    drawing: Drawing,
    { legend, twoLines }: { legend: boolean; twoLines: boolean },
    { at: pointed, word }: { at: number | null; word: string }
  ): void {
    setText(this.title, group.title);
    this.title.title = group.title;
    const single = drawing.lines.length === 1;
    const texts = drawing.lines.map((line, k) => {
      if (pointed === null) {
        return group.curves[k]!.head.last;
      }
      const at = nearest(line.shown, pointed);
      if (at < 0) {
        return '–';
      }
      const shown = valueText(line.shown.y[at]!);
      // Beside others there is no room for both: the line would break, and the plot move.
      return line.shown === line.raw || !single
        ? shown
        : `${shown} (${valueText(line.raw.y[at]!)})`;
    });
    setText(this.at, pointed === null ? '' : told(drawing, pointed, word));
    const beside = single && !twoLines;
    setText(this.value, beside ? texts[0]! : '');
    this.keys.hidden = beside || (!single && !legend);
    this.keys.dataset['single'] = String(single);
    this.showKeys(drawing, texts);
  }

  private showKeys(drawing: Drawing, texts: string[]): void {
    while (this.keys.children.length > drawing.lines.length) {
      this.keys.lastElementChild?.remove();
    }
    drawing.lines.forEach((line, k) => {
      const key = this.keys.children[k] ?? this.keys.appendChild(newKey());
      const [swatch, label, value] = key.children as Iterable<HTMLElement> &
        HTMLCollection as unknown as [HTMLElement, HTMLElement, HTMLElement];
      swatch.style.setProperty('--amlflow-curve', line.colour);
      setText(label, line.label);
      (key as HTMLElement).title = line.name;
      setText(value, texts[k]!);
    });
  }

  private readonly title = element('span', 'metric');
  private readonly at = element('span', 'at');
  private readonly value = element('span', 'value');
  private readonly keys = element('div', 'keys');
}

function newKey(): HTMLElement {
  const key = element('span', 'key');
  key.append(
    element('span', 'swatch'),
    element('span', 'label'),
    element('span', 'keyValue')
  );
  return key;
}

/** Times say what they are; a bare number does not. */
function told(drawing: Drawing, x: number, word: string): string {
  const text = placeText(drawing.axis, x);
  const bare = drawing.axis === 'step' || drawing.axis === 'point';
  return bare ? `${word} ${text}` : text;
}
