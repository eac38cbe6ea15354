import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type {
  Artifact,
  Connection,
  Experiment,
  RunDetail,
  RunsPage
} from './records.js';

/** What a list of runs is asked for. */
export interface RunsQuery {
  /** The experiment's id. */
  experiment: string;
  /** Free text, matched by the server; empty for all runs. */
  search: string;
  /** How many runs at most, up to 500. */
  limit: number;
}

/** The questions this extension asks; a test may answer them itself. */
export interface IApi {
  connections(): Promise<Connection[]>;
  experiments(connection: string): Promise<Experiment[]>;
  runs(connection: string, query: RunsQuery): Promise<RunsPage>;
  run(connection: string, id: string): Promise<RunDetail>;
  artifacts(connection: string, id: string, path: string): Promise<Artifact[]>;
}

/**
 * The one place that talks to amlflow's server extension.
 *
 * `ServerConnection` knows the base URL, the token and the XSRF cookie.
 * Every method rejects with an `Error` whose message is a sentence for the user.
 */
export class Api implements IApi {
  constructor(
    private readonly _settings = ServerConnection.makeSettings(),
    private readonly _noServer = 'The amlflow server extension is not running: restart JupyterLab.'
  ) {}

  async connections(): Promise<Connection[]> {
    const answer = await this._get<{ connections: Connection[] }>([
      'connections'
    ]);
    return answer.connections;
  }

  async experiments(connection: string): Promise<Experiment[]> {
    const answer = await this._get<{ experiments: Experiment[] }>([
      'connections',
      connection,
      'experiments'
    ]);
    return answer.experiments;
  }

  async runs(connection: string, query: RunsQuery): Promise<RunsPage> {
    return this._get<RunsPage>(['connections', connection, 'runs'], {
      experiment: query.experiment,
      limit: String(query.limit),
      ...(query.search ? { search: query.search } : {})
    });
  }

  async run(connection: string, id: string): Promise<RunDetail> {
    const answer = await this._get<{ run: RunDetail }>([
      'connections',
      connection,
      'runs',
      id
    ]);
    return answer.run;
  }

  async artifacts(
    connection: string,
    id: string,
    path: string
  ): Promise<Artifact[]> {
    const answer = await this._get<{ artifacts: Artifact[] }>(
      ['connections', connection, 'runs', id, 'artifacts'],
      path ? { path } : {}
    );
    return answer.artifacts;
  }

  private async _get<T>(
    parts: string[],
    query: Record<string, string> = {}
  ): Promise<T> {
    const url = URLExt.join(
      this._settings.baseUrl,
      'amlflow/api',
      ...parts.map(encodeURIComponent)
    );
    const response = await ServerConnection.makeRequest(
      url + URLExt.objectToQueryString(query),
      { method: 'GET' },
      this._settings
    );
    if (!response.ok) {
      throw new Error(await this._explain(response));
    }
    return (await response.json()) as T;
  }

  /** The server's own sentence, or what its silence means. */
  private async _explain(response: Response): Promise<string> {
    try {
      const { message } = (await response.json()) as { message?: unknown };
      if (typeof message === 'string' && message) {
        return message;
      }
    } catch {
      // Not JSON: a proxy answered, or no handler of ours is installed.
    }
    return response.status === 404
      ? this._noServer
      : `${response.status} ${response.statusText}`;
  }
}
