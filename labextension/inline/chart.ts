import { placeText } from './along';
import { firstFrom } from './axis';
import { Caption } from './caption';
import type { Choices } from './choices';
import { Closer } from './closer';
import { drawingOf, type Drawing } from './drawing';
import { element, setText } from './element';
import { listenToGestures } from './gestures';
import type { ChartGroup } from './groups';
import type { Kernel } from './kernel';
import { Menu } from './menu';
import { Plot } from './plot';
import { saveCsv, savePng, saveSvg, type Seen } from './saving';
import type { Stage } from './stage';
import { TableBehind } from './tablebehind';
import { inksOf, type Inks } from './theme';
import { numberText } from './values';
import type { words } from './words';

/** What a chart shares with the others of its view. */
export interface ChartContext {
  stage: Stage;
  kernel: Kernel;
  words: ReturnType<typeof words>;
  /** Says something to the user. */
  tell: (text: string) => void;
}

/** Some curves, with their title, values and controls. */
export class Chart {
  readonly node = element('div', 'chart');

  constructor(private readonly context: ChartContext) {
    this.node.setAttribute('role', 'group');
    this.plotted.tabIndex = 0;
    this.plotted.setAttribute('role', 'img');
    this.plotted.setAttribute('aria-description', context.words.chartKeys);
    this.spoken.setAttribute('aria-live', 'polite');
    this.closer = new Closer(
      context.kernel,
      () => this.draw(),
      () => context.tell(context.words.lessDetail)
    );
    this.node.append(
      this.caption.node,
      this.plotted,
      this.table.node,
      this.spoken
    );
    this.listen();
  }

  /** Draws curves `width` pixels wide; cheap where nothing changed. */
  show(
    group: ChartGroup,
    choices: Choices,
    began: number,
    { width, twoLines }: { width: number; twoLines: boolean }
  ): void {
    if (width <= 0) {
      return;
    }
    // A change replaces the heads of the curves that it changes, and only those.
    const same =
      this.width === width &&
      this.twoLines === twoLines &&
      this.choices === choices &&
      this.began === began &&
      this.group?.curves.length === group.curves.length &&
      group.curves.every((one, k) => one.head === this.group?.curves[k]?.head);
    if (same) {
      return;
    }
    this.began = began;
    this.width = width;
    this.twoLines = twoLines;
    this.choices = choices;
    this.group = group;
    this.nameMenu(group.title);
    this.draw();
  }

  /** Draws again in the colours of the theme. */
  repaint(): void {
    this.inks = null;
    this.plot?.repaint();
  }

  /** The part that is shown changed. */
  zoomed(): void {
    const { zoom } = this.context.stage;
    const here = zoom?.axis === this.drawing?.axis ? zoom : null;
    this.closer.look(here, this.group, this.began);
    this.draw();
  }

  /** The place that is pointed at changed. */
  pointed(): void {
    this.showCaption();
    this.follow();
  }

  dispose(): void {
    this.closer.dispose();
    this.table.dispose();
    this.plot?.dispose();
  }

  private draw(): void {
    const { group, choices, width } = this;
    if (!group || !choices) {
      return;
    }
    const drawing = drawingOf(group, choices, this.began, this.closer.curves);
    this.drawing = drawing;
    if (this.plot && !this.plot.fits(drawing)) {
      this.plot.dispose();
      this.plot = null;
    }
    if (this.plot) {
      this.plot.show(drawing, width);
    } else {
      this.plot = this.create(drawing, width);
    }
    this.label(group, drawing);
    this.showCaption();
    if (!this.plotted.matches(':hover')) {
      this.follow();
    }
    this.table.show({
      drawing,
      range: this.range(),
      caption: this.context.words.valuesOf(drawing.title),
      axis: this.axisWord()
    });
  }

  /** The place in this chart that is pointed at, here or in another one. */
  private pointer(): number | null {
    const { pointer } = this.context.stage;
    return pointer && pointer.axis === this.drawing?.axis ? pointer.x : null;
  }

  private follow(): void {
    if (!this.pointing) {
      this.plot?.follow(this.pointer());
    }
  }

  private create(drawing: Drawing, width: number): Plot {
    return new Plot(drawing, width, this.plotted, {
      range: () => this.range(),
      label: () => this.axisWord(),
      ink: () => (this.inks ??= inksOf(this.node)),
      select: (low, high) => this.zoomTo([low, high]),
      point: x => this.point(x)
    });
  }

  private point(x: number | null): void {
    this.pointing = true;
    const axis = this.drawing?.axis;
    this.context.stage.pointAt(x === null || !axis ? null : { axis, x });
    this.pointing = false;
  }

  private axisWord(): string {
    return this.context.words.axisUnits[this.drawing?.axis ?? ''] ?? '';
  }

  private range(): [number, number] {
    const { axis = 'step', whole = [0, 1] } = this.drawing ?? {};
    return this.context.stage.range(axis, whole);
  }

  private zoomTo(range: [number, number] | null): void {
    const axis = this.drawing?.axis;
    this.context.stage.zoomTo(
      range && axis ? { axis, low: range[0], high: range[1] } : null
    );
  }

  private label(group: ChartGroup, drawing: Drawing): void {
    const { words } = this.context;
    const curves = group.curves.map(({ head }) =>
      words.curve(head.name, words.points(head.points), head.last)
    );
    const told = `${words.chart(drawing.title, this.axisWord())}: ${curves.join('; ')}`;
    if (this.plotted.getAttribute('aria-label') !== told) {
      this.plotted.setAttribute('aria-label', told);
    }
  }

  private showCaption(): void {
    const { group, drawing, choices } = this;
    if (group && drawing && choices) {
      const here = this.pointer();
      const look = { legend: choices.legend, twoLines: this.twoLines };
      const word = this.axisWord();
      this.caption.show(group, drawing, look, { at: here, word });
    }
  }

  private nameMenu(title: string): void {
    if (this.node.getAttribute('aria-label') === title) {
      return;
    }
    const { words } = this.context;
    this.node.setAttribute('aria-label', title);
    this.menu?.node.remove();
    this.menu = new Menu(words.actions(title), [
      [words.table, words.valuesOf(title), () => this.table.toggle()],
      ['CSV', words.download('CSV', title), () => this.saveCsv()],
      ['SVG', words.download('SVG', title), () => this.see(saveSvg)],
      ['PNG', words.download('PNG', title), () => this.see(savePng)]
    ]);
    this.caption.line.append(this.menu.node);
  }

  private saveCsv(): void {
    if (this.group) {
      void saveCsv(this.group, this.context.kernel);
    }
  }

  private see(save: (seen: Seen) => void | Promise<void>): void {
    if (this.drawing) {
      void save({
        drawing: this.drawing,
        range: this.range(),
        ink: inksOf(this.node),
        label: this.axisWord()
      });
    }
  }

  private listen(): void {
    listenToGestures(this.plotted, {
      plot: () => this.plot?.plot,
      range: () => this.range(),
      whole: () => this.drawing?.whole ?? [0, 1],
      zoomed: () => this.context.stage.zoom?.axis === this.drawing?.axis,
      zoomTo: range => this.zoomTo(range),
      pointer: () => this.pointer(),
      walk: way => this.walk(way),
      leave: () => this.context.stage.pointAt(null)
    });
  }

  /** Points at the next place where a curve has a point, and says what is there. */
  private walk(way: number): void {
    const { drawing } = this;
    const xs = drawing?.lines[0]?.raw.x;
    if (!drawing || !xs?.length) {
      return;
    }
    const [low, high] = this.range();
    const [first, last] = [firstFrom(xs, low), lastUpTo(xs, high)];
    const from = this.pointer();
    const start = way > 0 ? first : last;
    const next = from === null ? start : firstFrom(xs, from) + way;
    const x = xs[Math.min(Math.max(first, next), last)];
    if (x === undefined) {
      return;
    }
    this.context.stage.pointAt({ axis: drawing.axis, x });
    const values = drawing.lines.map(line => {
      const i = firstFrom(line.raw.x, x);
      return line.raw.x[i] === x
        ? `${line.label} ${numberText(line.raw.y[i]!)}`
        : '';
    });
    const place = `${this.axisWord()} ${placeText(drawing.axis, x)}`;
    setText(this.spoken, [place, ...values.filter(Boolean)].join(', '));
  }

  private plot: Plot | null = null;
  private drawing: Drawing | null = null;
  private group: ChartGroup | null = null;
  private choices: Choices | null = null;
  private menu: Menu | null = null;
  private inks: Inks | null = null;
  private began = 0;
  private width = 0;
  private twoLines = false;
  private pointing = false;
  private readonly closer: Closer;
  private readonly caption = new Caption();
  private readonly plotted = element('div', 'plot');
  private readonly table = new TableBehind();
  private readonly spoken = element('div', 'spoken');
}

function lastUpTo(xs: Float64Array, x: number): number {
  const at = firstFrom(xs, x);
  return xs[at] === x ? at : at - 1;
}
