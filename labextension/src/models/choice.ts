import type { IStateDB } from '@jupyterlab/statedb';

import type { Connection, Experiment } from '../records.js';

const KEY = 'amlflow:choice';

/** What the user picked by hand, which wins for as long as it exists. */
export interface Choice {
  connection: string | null;
  /** The experiment's id for each connection's name. */
  experiments: Record<string, string>;
}

/** The picked connection, else one a live kernel uses, else the default, else the first. */
export function chosenConnection(
  connections: readonly Connection[],
  choice: Choice
): Connection | null {
  return (
    connections.find(each => each.name === choice.connection) ??
    newestInUse(connections) ??
    connections.find(each => each.default) ??
    connections[0] ??
    null
  );
}

function newestInUse(connections: readonly Connection[]): Connection | null {
  const used = connections.filter(each => each.kernels.length > 0);
  const since = (each: Connection) =>
    Math.max(...each.kernels.map(kernel => Date.parse(kernel.since)));
  return used.sort((a, b) => since(b) - since(a))[0] ?? null;
}

/** The picked experiment, else the connection's own, else the newest. */
export function chosenExperiment(
  experiments: readonly Experiment[],
  connection: Connection,
  choice: Choice
): Experiment | null {
  const picked = choice.experiments[connection.name];
  return (
    experiments.find(each => each.id === picked) ??
    experiments.find(each => each.name === connection.experiment) ??
    experiments[0] ??
    null
  );
}

/** Keeps the choice over a reload of the page, where JupyterLab keeps its own state. */
export class ChoiceKeeper {
  constructor(private readonly _state: IStateDB | null) {}

  async load(): Promise<Choice> {
    const kept = await this._state?.fetch(KEY).catch(() => undefined);
    const { connection, experiments } = (kept ?? {}) as Partial<Choice>;
    return { connection: connection ?? null, experiments: experiments ?? {} };
  }

  async save(choice: Choice): Promise<void> {
    await this._state?.save(KEY, {
      connection: choice.connection,
      experiments: { ...choice.experiments }
    });
  }
}
