import { placeText } from './along';
import { firstFrom, kernelAxis, kernelPlace } from './axis';
import { Caption } from './caption';
import type { Choices } from './choices';
import { csvOf } from './csv';
import { download, fileName, pngOf } from './download';
import { drawingOf, type Drawing } from './drawing';
import { element, setText } from './element';
import type { ChartGroup } from './groups';
import type { FineCurve, Kernel } from './kernel';
import { Menu } from './menu';
import { pictureOf } from './picture';
import { Plot } from './plot';
import { moved, scaled, type Stage, type Zoom } from './stage';
import { inksOf, type Inks } from './theme';
import { numberText, valueTable } from './values';
import type { words } from './words';

const PICTURE = { width: 720, height: 360 };
const TABLE_MS = 2000;
const ZOOM_MS = 150;

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
    this.node.append(this.caption.node, this.plotted, this.table, this.spoken);
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
    if (!this.context.stage.zoom) {
      this.fine.clear();
    }
    this.draw();
    clearTimeout(this.asking);
    this.asking = setTimeout(() => void this.askForDetail(), ZOOM_MS);
  }

  /** The place that is pointed at changed. */
  pointed(): void {
    this.showCaption();
    this.follow();
  }

  dispose(): void {
    clearTimeout(this.asking);
    clearTimeout(this.tabling);
    this.plot?.dispose();
  }

  private draw(): void {
    const { group, choices, width } = this;
    if (!group || !choices) {
      return;
    }
    const drawing = drawingOf(group, choices, this.began, this.fine);
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
    if (this.tableOpen) {
      this.fillTable();
    } else {
      this.scheduleTable();
    }
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
      [words.table, words.valuesOf(title), () => this.toggleTable()],
      ['CSV', words.download('CSV', title), () => void this.saveCsv()],
      ['SVG', words.download('SVG', title), () => this.saveSvg()],
      ['PNG', words.download('PNG', title), () => void this.savePng()]
    ]);
    this.caption.line.append(this.menu.node);
  }

  private async askForDetail(): Promise<void> {
    const { zoom } = this.context.stage;
    const names = this.coarse();
    if (!zoom || zoom.axis !== this.drawing?.axis || !names.length) {
      return;
    }
    const part = await this.context.kernel.part(names, this.span(zoom));
    if (zoom !== this.context.stage.zoom) {
      return;
    }
    if (!part) {
      this.context.tell(this.context.words.lessDetail);
      return;
    }
    part.forEach(curve => this.fine.set(curve.name, curve));
    this.draw();
  }

  /** The metrics of which the kernel has more points than are drawn. */
  private coarse(): string[] {
    const curves = this.group?.curves ?? [];
    return curves
      .filter(({ head }) => head.points > head.drawn)
      .map(({ head }) => head.name);
  }

  private span(zoom: Zoom): {
    axis: 'place' | 'time';
    low: number;
    high: number;
  } {
    return {
      axis: kernelAxis(zoom.axis),
      low: kernelPlace(zoom.axis, zoom.low, this.began),
      high: kernelPlace(zoom.axis, zoom.high, this.began)
    };
  }

  private listen(): void {
    const over = this.plotted;
    over.addEventListener('mousedown', event => this.beginPan(event), true);
    over.addEventListener('wheel', event => this.wheel(event), {
      passive: false
    });
    over.addEventListener('keydown', event => this.key(event));
    for (const left of ['blur', 'mouseleave']) {
      over.addEventListener(left, () => this.context.stage.pointAt(null));
    }
  }

  /** Shift and drag: the curve goes with the pointer. */
  private beginPan(event: MouseEvent): void {
    const width = this.plot?.plot.over.clientWidth;
    if (!event.shiftKey || !width || !this.drawing) {
      return;
    }
    event.stopPropagation();
    event.preventDefault();
    const { whole } = this.drawing;
    const range = this.range();
    const from = event.clientX;
    const move = (to: MouseEvent) =>
      this.zoomTo(moved(range, whole, (from - to.clientX) / width));
    const end = () => document.removeEventListener('mousemove', move);
    document.addEventListener('mousemove', move);
    document.addEventListener('mouseup', end, { once: true });
  }

  /** Only with Ctrl or Cmd: without, the page scrolls. */
  private wheel(event: WheelEvent): void {
    const plot = this.plot?.plot;
    if (!(event.ctrlKey || event.metaKey) || !plot || !this.drawing) {
      return;
    }
    event.preventDefault();
    const left = event.clientX - plot.over.getBoundingClientRect().left;
    const factor = event.deltaY < 0 ? 0.8 : 1.25;
    this.scaleBy(factor, plot.posToVal(left, 'x'));
  }

  private scaleBy(factor: number, about: number): void {
    const whole = this.drawing?.whole ?? [0, 1];
    this.zoomTo(scaled(this.range(), whole, factor, about));
  }

  private key(event: KeyboardEvent): void {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const [low, high] = this.range();
    const about = this.context.stage.pointer?.x ?? (low + high) / 2;
    if (way && event.shiftKey) {
      const whole = this.drawing?.whole ?? [0, 1];
      this.zoomTo(moved([low, high], whole, way * 0.2));
    } else if (way) {
      this.walk(way);
    } else if (event.key === '+' || event.key === '=') {
      this.scaleBy(0.5, about);
    } else if (event.key === '-') {
      this.scaleBy(2, about);
    } else if (event.key === '0' || event.key === 'Escape') {
      this.zoomTo(null);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Points at the next place where a curve has a point, and says what is there. */
  private walk(way: number): void {
    const { drawing } = this;
    const xs = drawing?.lines[0]?.raw.x;
    if (!drawing || !xs?.length) {
      return;
    }
    const [low, high] = this.range();
    const from = this.context.stage.pointer?.x;
    let at =
      from === undefined
        ? way > 0
          ? firstFrom(xs, low)
          : xs.length - 1
        : firstFrom(xs, from) + way;
    at = Math.min(Math.max(0, at), xs.length - 1);
    const x = Math.min(Math.max(xs[at]!, low), high);
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

  private toggleTable(): void {
    this.tableOpen = !this.tableOpen;
    this.table.classList.toggle('jp-AmlflowLive-open', this.tableOpen);
    this.table.tabIndex = this.tableOpen ? 0 : -1;
    this.fillTable();
  }

  /** The table is drawn at most every two seconds: reading it takes longer. */
  private scheduleTable(): void {
    this.tabling ??= setTimeout(() => this.fillTable(), TABLE_MS);
  }

  private fillTable(): void {
    clearTimeout(this.tabling);
    this.tabling = undefined;
    const { drawing } = this;
    if (drawing) {
      const caption = this.context.words.valuesOf(drawing.title);
      const { scrollTop } = this.table;
      this.table.replaceChildren(
        valueTable(drawing, this.range(), caption, this.axisWord())
      );
      this.table.scrollTop = scrollTop;
    }
  }

  private picture(): string {
    const ink = inksOf(this.node);
    const { drawing } = this;
    return drawing
      ? pictureOf(drawing, this.range(), {
          ...PICTURE,
          title: ink.title,
          text: ink.text,
          grid: ink.line,
          background: ink.background,
          label: this.axisWord()
        })
      : '';
  }

  private saveSvg(): void {
    this.save('svg', new Blob([this.picture()], { type: 'image/svg+xml' }));
  }

  private async savePng(): Promise<void> {
    this.save(
      'png',
      await pngOf(this.picture(), PICTURE.width, PICTURE.height)
    );
  }

  /** All points that the kernel has; without its answer, those that are drawn. */
  private async saveCsv(): Promise<void> {
    const names = this.coarse();
    const all = names.length ? await this.context.kernel.part(names, null) : [];
    const whole = new Map(all?.map(one => [one.name, one]));
    const curves = (this.group?.curves ?? []).map(({ head, curve }) => {
      const { offsets } = head;
      return whole.get(head.name) ?? { name: head.name, curve, offsets };
    });
    this.save('csv', new Blob([csvOf(curves)], { type: 'text/csv' }));
  }

  private save(ending: string, content: Blob): void {
    download(fileName(this.group?.title ?? '', ending), content);
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
  private tableOpen = false;
  private asking: ReturnType<typeof setTimeout> | undefined;
  private tabling: ReturnType<typeof setTimeout> | undefined;
  private readonly fine = new Map<string, FineCurve>();
  private readonly caption = new Caption();
  private readonly plotted = element('div', 'plot');
  private readonly table = element('div', 'table');
  private readonly spoken = element('div', 'spoken');
}
