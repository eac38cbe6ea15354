import { placeText } from './along';
import { firstFrom } from './axis';
import type { Drawing } from './drawing';
import { element } from './element';
import { valueText } from './text';

const ROWS = 40;

/** The numbers behind a chart, as a table: for whoever cannot see it, and whoever asks. */
export function valueTable(
  drawing: Drawing,
  [low, high]: [number, number],
  caption: string,
  axis: string
): HTMLTableElement {
  const table = element('table', 'values');
  table.append(element('caption', 'spoken', caption));
  const head = element('tr', 'row');
  head.append(
    headCell(axis, 'col'),
    ...drawing.lines.map(line => headCell(line.label, 'col'))
  );
  table.createTHead().append(head);
  const body = table.createTBody();
  for (const x of sampled(drawing, low, high)) {
    const row = element('tr', 'row');
    row.append(headCell(placeText(drawing.axis, x), 'row'));
    for (const { raw } of drawing.lines) {
      const i = firstFrom(raw.x, x);
      const there = raw.x[i] === x;
      row.append(element('td', 'cell', there ? numberText(raw.y[i]!) : ''));
    }
    body.append(row);
  }
  return table;
}

/** Where the first curve has points, evenly taken: at most 40 of them, the last one included. */
function sampled(drawing: Drawing, low: number, high: number): number[] {
  const xs = new Set<number>();
  const most = Math.max(2, Math.floor(ROWS / drawing.lines.length));
  for (const { raw } of drawing.lines) {
    const from = firstFrom(raw.x, low);
    let to = firstFrom(raw.x, high);
    to = raw.x[to] === high ? to : to - 1;
    const every = Math.max(1, (to - from) / (most - 1));
    for (let at = from; at < to; at += every) {
      xs.add(raw.x[Math.round(at)]!);
    }
    const last = raw.x[to];
    if (to >= from && last !== undefined) {
      xs.add(last);
    }
  }
  return [...xs].sort((a, b) => a - b);
}

export function numberText(value: number): string {
  return Number.isNaN(value)
    ? 'NaN'
    : Number.isFinite(value)
      ? valueText(value)
      : value > 0
        ? '∞'
        : '\u2212∞';
}

function headCell(text: string, scope: string): HTMLTableCellElement {
  const cell = element('th', 'cell', text);
  cell.scope = scope;
  return cell;
}
