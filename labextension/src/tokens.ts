import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { IApi } from './api.js';
import type { Connection, Experiment, RunSummary } from './records.js';

/** What the panel shows. A null list has not been answered yet. */
export interface RunsView {
  readonly connections: readonly Connection[] | null;
  /** The name of the chosen connection. */
  readonly connection: string | null;
  readonly experiments: readonly Experiment[] | null;
  /** The id of the chosen experiment. */
  readonly experiment: string | null;
  /** Newest first. */
  readonly runs: readonly RunSummary[] | null;
  /** How many runs a search looked at. */
  readonly searched: number;
  /** Whether there are older runs than those in the list. */
  readonly more: boolean;
  /** Why the last look at the store failed. */
  readonly error: string | null;
  /** Whether the store takes its time: what is shown is older. */
  readonly waiting: boolean;
}

/** The connections, experiments and runs a JupyterLab user looks at. */
export interface IRunsModel {
  readonly api: IApi;
  /** Emitted when the view changed, and after each refresh. */
  readonly changed: ISignal<IRunsModel, void>;
  readonly view: RunsView;
  readonly search: string;
  /** The run that is open in the current tab. */
  opened: { connection: string; run: string } | null;
  /** Seconds between two refreshes. */
  interval: number;
  /** Refreshing pauses while nobody looks. */
  visible: boolean;
  chooseConnection(name: string): void;
  chooseExperiment(id: string): void;
  searchFor(text: string): void;
  /** Whether the list may grow: the server lists no more than 500 runs. */
  readonly canShowMore: boolean;
  /** Ask for older runs too. */
  showMore(): void;
  refresh(): void;
}

export const IRunsModel = new Token<IRunsModel>(
  'amlflow:IRunsModel',
  'The connections, experiments and runs that the amlflow panel shows.'
);
