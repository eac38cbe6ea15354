import type { IApi } from '../api.js';
import type { Connection, Experiment } from '../records.js';
import type { RunsView } from '../tokens.js';
import { chosenConnection, chosenExperiment, type Choice } from './choice.js';

/** What the user wants to see. */
export interface Wish {
  readonly choice: Choice;
  readonly search: string;
  readonly limit: number;
  /** Ask for the experiments again even where they are known. */
  readonly thorough: boolean;
}

/**
 * Answer a wish part by part, so that connections show while a slow store lists runs.
 *
 * @param seen - What is on screen: kept where it is still true, so that nothing flickers.
 */
export async function* loadView(
  api: IApi,
  wish: Wish,
  seen: RunsView
): AsyncGenerator<Partial<RunsView>, void> {
  const connections = await api.connections();
  const connection = chosenConnection(connections, wish.choice);
  const sameConnection = connection?.name === seen.connection;
  yield {
    connections,
    connection: connection?.name ?? null,
    ...(sameConnection
      ? {}
      : { experiments: null, experiment: null, runs: null })
  };
  if (connection === null) {
    return;
  }
  const known = sameConnection ? seen.experiments : null;
  const experiments =
    known === null || wish.thorough || isOutdated(known, connection)
      ? await api.experiments(connection.name)
      : known;
  const experiment = chosenExperiment(experiments, connection, wish.choice);
  const sameExperiment = sameConnection && experiment?.id === seen.experiment;
  yield {
    experiments,
    experiment: experiment?.id ?? null,
    ...(sameExperiment ? {} : { runs: null })
  };
  if (experiment === null) {
    yield { runs: [], searched: 0, more: false };
    return;
  }
  const { search, limit } = wish;
  yield await api.runs(connection.name, {
    experiment: experiment.id,
    search,
    limit
  });
}

/** Whether the connection speaks of an experiment that was not there at the last look. */
function isOutdated(
  known: readonly Experiment[],
  connection: Connection
): boolean {
  return (
    connection.experiment !== null &&
    !known.some(each => each.name === connection.experiment)
  );
}
