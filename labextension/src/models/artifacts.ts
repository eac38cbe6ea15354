import { Signal, type ISignal } from '@lumino/signaling';

import type { IApi } from '../api.js';
import type { Artifact } from '../records.js';
import { sentence } from './poll.js';
import type { TreeLine } from './tree.js';

const ROOT = '';

/** The files of a run; a folder is asked for when it is opened. */
export class ArtifactsModel {
  constructor(
    private readonly _api: IApi,
    private readonly _connection: string,
    private readonly _run: string
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Why a folder could not be listed. */
  get error(): string | null {
    return this._error;
  }

  /** Null until the run's root has been listed. */
  get lines(): TreeLine<Artifact>[] | null {
    return this._folders.has(ROOT) ? this._beneath(ROOT, 1, null) : null;
  }

  isLoading(path: string): boolean {
    return this._expanded.has(path) && !this._folders.has(path);
  }

  async toggle(path: string): Promise<void> {
    if (this._expanded.delete(path)) {
      this._changed.emit();
      return;
    }
    this._expanded.add(path);
    this._changed.emit();
    await this._list([path]);
  }

  /** List again what is open. */
  async refresh(): Promise<void> {
    await this._list([ROOT, ...this._expanded]);
  }

  private async _list(paths: string[]): Promise<void> {
    this._error = null;
    await Promise.all(paths.map(path => this._listOne(path)));
    this._changed.emit();
  }

  private async _listOne(path: string): Promise<void> {
    try {
      const found = await this._api.artifacts(
        this._connection,
        this._run,
        path
      );
      this._folders.set(path, found);
    } catch (error) {
      this._error = sentence(error);
      if (!this._folders.has(path)) {
        this._expanded.delete(path);
      }
    }
  }

  private _beneath(
    folder: string,
    level: number,
    parent: string | null
  ): TreeLine<Artifact>[] {
    return (this._folders.get(folder) ?? []).flatMap(item => {
      const open = item.is_dir && this._expanded.has(item.path);
      const line: TreeLine<Artifact> = {
        id: item.path,
        item,
        level,
        expanded: item.is_dir ? open : null,
        parent
      };
      return open && item.path !== folder
        ? [line, ...this._beneath(item.path, level + 1, item.path)]
        : [line];
    });
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _folders = new Map<string, Artifact[]>();
  private readonly _expanded = new Set<string>();
  private _error: string | null = null;
}
