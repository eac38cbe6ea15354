import type { IDisposable } from '@lumino/disposable';
import type { Poll } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';

import type { IApi } from '../api.js';
import type { IRunsModel, RunsView } from '../tokens.js';
import type { Choice, ChoiceKeeper } from './choice.js';
import { loadView } from './load.js';
import { loadNow, sentence, setPace, startPoll } from './poll.js';

const PAGE = 100;
const MOST_RUNS = 500;
/** Experiments change rarely and may be slow to list: every how many refreshes to ask. */
const EXPERIMENTS_EVERY = 5;
/** Milliseconds until it is said that the store takes its time. */
const SLOW = 1000;

const NOTHING: RunsView = {
  connections: null,
  connection: null,
  experiments: null,
  experiment: null,
  runs: null,
  searched: 0,
  more: false,
  error: null,
  waiting: false
};

/** The panel's state; it refreshes itself while somebody looks. */
export class RunsModel implements IRunsModel, IDisposable {
  constructor(
    readonly api: IApi,
    private readonly _keeper: ChoiceKeeper
  ) {
    this._restored = _keeper.load().then(choice => {
      this._choice = choice;
    });
    this._poll = startPoll({
      name: 'amlflow:runs',
      load: () => this._load(),
      visible: () => this._visible
    });
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get view(): RunsView {
    return this._view;
  }

  get search(): string {
    return this._search;
  }

  get opened(): IRunsModel['opened'] {
    return this._opened;
  }

  set opened(opened: IRunsModel['opened']) {
    this._opened = opened;
    this._changed.emit();
  }

  get interval(): number {
    return this._poll.frequency.interval / 1000;
  }

  set interval(seconds: number) {
    setPace(this._poll, seconds);
  }

  get visible(): boolean {
    return this._visible;
  }

  set visible(visible: boolean) {
    if (visible && !this._visible) {
      this._visible = true;
      this._loadNow();
    }
    this._visible = visible;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    this._poll.dispose();
    Signal.clearData(this);
  }

  chooseConnection(name: string): void {
    this._choose({ ...this._choice, connection: name });
    this._limit = PAGE;
    this._show({
      connection: name,
      experiments: null,
      experiment: null,
      runs: null,
      error: null
    });
    this._loadNow();
  }

  chooseExperiment(id: string): void {
    const connection = this._view.connection;
    if (connection === null) {
      return;
    }
    const experiments = { ...this._choice.experiments, [connection]: id };
    this._choose({ ...this._choice, experiments });
    this._limit = PAGE;
    this._show({ experiment: id, runs: null, error: null });
    this._loadNow();
  }

  searchFor(text: string): void {
    this._search = text.trim();
    this._limit = PAGE;
    this._loadNow();
  }

  get canShowMore(): boolean {
    return this._limit < MOST_RUNS;
  }

  showMore(): void {
    this._limit = Math.min(this._limit + PAGE, MOST_RUNS);
    this._loadNow();
  }

  refresh(): void {
    this._round = 0;
    this._loadNow();
  }

  private _choose(choice: Choice): void {
    this._choice = choice;
    void this._keeper.save(choice);
  }

  /** What a load under way still brings was asked for something else. */
  private _loadNow(): void {
    this._loads += 1;
    loadNow(this._poll);
  }

  private async _load(): Promise<void> {
    const load = ++this._loads;
    await this._restored;
    const wish = {
      choice: this._choice,
      search: this._search,
      limit: this._limit,
      thorough: this._round++ % EXPERIMENTS_EVERY === 0
    };
    const slow = setTimeout(() => {
      if (load === this._loads && !this.isDisposed) {
        this._show({ waiting: true });
      }
    }, SLOW);
    try {
      for await (const part of loadView(this.api, wish, this._view)) {
        if (load !== this._loads || this.isDisposed) {
          return;
        }
        this._show(part);
      }
      this._show({ error: null, waiting: false });
    } catch (error) {
      if (load === this._loads) {
        this._show({ error: sentence(error), waiting: false });
      }
      throw error;
    } finally {
      clearTimeout(slow);
    }
  }

  private _show(part: Partial<RunsView>): void {
    this._view = { ...this._view, ...part };
    this._changed.emit();
  }

  private readonly _poll: Poll;
  private readonly _restored: Promise<void>;
  private readonly _changed = new Signal<this, void>(this);
  private _view = NOTHING;
  private _choice: Choice = { connection: null, experiments: {} };
  private _opened: IRunsModel['opened'] = null;
  private _search = '';
  private _limit = PAGE;
  private _loads = 0;
  private _round = 0;
  private _visible = false;
}
