import { beginOf } from './clock';
import { element, setText } from './element';
import type { Run } from './model';
import { durationText } from './text';
import type { words } from './words';

const TICK_MS = 1000;

/** State, name and elapsed time, which goes on by itself between messages. */
export class Header {
  readonly node = element('div', 'header');

  constructor(private readonly words_: ReturnType<typeof words>) {
    this.name.setAttribute('role', 'heading');
    this.name.setAttribute('aria-level', '4');
    this.spoken.setAttribute('role', 'status');
    this.shape.setAttribute('aria-hidden', 'true');
    this.pill.append(this.shape, this.word);
    this.title.append(this.pill, this.name);
    this.top.append(this.title, this.elapsed, this.counts);
    this.node.append(this.top, this.where, this.notes, this.spoken);
  }

  show(run: Partial<Run>): void {
    const { name = '', notes = [] } = run;
    const word = this.words_.states[run.status ?? ''] ?? run.word ?? '';
    this.began = beginOf(run);
    this.pill.style.setProperty(
      '--amlflow-state',
      run.colour ?? 'currentColor'
    );
    setText(this.shape, run.shape ?? '');
    setText(this.name, name);
    this.name.title = name;
    this.say(word);
    this.where.replaceChildren(...places(run, this.words_));
    this.notes.replaceChildren(
      ...notes.map(note => element('div', 'note', note))
    );
    this.tick();
    this.run(run.running ?? false);
  }

  /** The kernel is gone in mid-run: what is shown will not change any more. */
  lose(): void {
    if (this.timer !== null) {
      this.say(this.words_.kernelGone);
      this.run(false);
    }
  }

  count(metrics: number, points: number): void {
    const said = this.words_;
    const text = `${said.metrics(metrics)} · ${said.points(points)}`;
    setText(this.counts, metrics ? text : said.noMetric);
  }

  /** Puts a control at the end of the first line. */
  place(control: HTMLElement): void {
    this.top.append(control);
  }

  dispose(): void {
    this.run(false);
  }

  private say(word: string): void {
    setText(this.word, word);
    setText(this.spoken, this.words_.run(this.name.textContent ?? '', word));
  }

  private run(running: boolean): void {
    this.node.dataset['running'] = String(running);
    if (this.timer !== null) {
      clearInterval(this.timer);
    }
    this.timer = running ? setInterval(() => this.tick(), TICK_MS) : null;
  }

  private tick(): void {
    const seconds = (performance.now() - this.began) / 1000;
    setText(this.elapsed, durationText(seconds));
  }

  private began = 0;
  private timer: ReturnType<typeof setInterval> | null = null;
  private readonly top = element('div', 'top');
  private readonly title = element('div', 'title');
  private readonly pill = element('span', 'pill');
  private readonly shape = element('span', 'shape');
  private readonly word = element('span', 'word');
  private readonly name = element('span', 'name');
  private readonly elapsed = element('span', 'elapsed');
  private readonly counts = element('span', 'counts');
  private readonly where = element('div', 'where');
  private readonly notes = element('div', 'notes');
  private readonly spoken = element('span', 'spoken');
}

function places(
  run: Partial<Run>,
  spoken: ReturnType<typeof words>
): HTMLElement[] {
  const parts: HTMLElement[] = (run.where ?? []).map(text =>
    element('span', 'place', text)
  );
  if (run.link && /^https?:\/\//i.test(run.link)) {
    const label = run.link_label ?? run.link;
    const link = element('a', 'place', spoken.links[label] ?? label);
    link.href = run.link;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    parts.push(link);
  }
  return parts;
}
