import type { IDisposable } from '@lumino/disposable';
import type { Poll } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';

import type { IApi } from '../api.js';
import type { RunDetail, RunStatus } from '../records.js';
import { ArtifactsModel } from './artifacts.js';
import { loadNow, sentence, startPoll } from './poll.js';

const ENDED: readonly RunStatus[] = ['FINISHED', 'FAILED', 'KILLED'];
/** Files appear seldom while a run is running: every how many refreshes to look. */
const ARTIFACTS_EVERY = 5;

export interface RunModelOptions {
  api: IApi;
  /** The connection's name. */
  connection: string;
  /** The run's id. */
  id: string;
  /** Seconds between two refreshes while the run is running. */
  interval: number;
}

/** One run, followed while it is running and somebody looks. */
export class RunModel implements IDisposable {
  constructor(options: RunModelOptions) {
    this.connection = options.connection;
    this.id = options.id;
    this._api = options.api;
    this.artifacts = new ArtifactsModel(
      options.api,
      options.connection,
      options.id
    );
    this._poll = startPoll({
      name: 'amlflow:run',
      load: () => this._load(),
      visible: () => this._visible,
      interval: options.interval
    });
  }

  readonly connection: string;
  readonly id: string;
  readonly artifacts: ArtifactsModel;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Null until the server has answered. */
  get run(): RunDetail | null {
    return this._run;
  }

  /** Why the last look at the store failed. */
  get error(): string | null {
    return this._error;
  }

  set visible(visible: boolean) {
    const comesUp = visible && !this._visible;
    this._visible = visible;
    if (comesUp && !this._hasEnded()) {
      loadNow(this._poll);
    }
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    this._poll.dispose();
    Signal.clearData(this);
  }

  refresh(): void {
    this._round = 0;
    loadNow(this._poll);
  }

  private async _load(): Promise<void> {
    const before = this._run?.status;
    try {
      this._run = await this._api.run(this.connection, this.id);
      this._error = null;
    } catch (error) {
      this._error = sentence(error);
      throw error;
    } finally {
      this._changed.emit();
    }
    if (this._round++ % ARTIFACTS_EVERY === 0 || before !== this._run.status) {
      await this.artifacts.refresh();
    }
    if (this._hasEnded() && !this.isDisposed) {
      await this._poll.stop();
    }
  }

  private _hasEnded(): boolean {
    return this._run !== null && ENDED.includes(this._run.status);
  }

  private readonly _api: IApi;
  private readonly _poll: Poll;
  private readonly _changed = new Signal<this, void>(this);
  private _run: RunDetail | null = null;
  private _error: string | null = null;
  private _round = 0;
  private _visible = false;
}
