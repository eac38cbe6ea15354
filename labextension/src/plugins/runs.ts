import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Api } from '../api.js';
import { ChoiceKeeper } from '../models/choice.js';
import { RunsModel } from '../models/runs.js';
import { IRunsModel } from '../tokens.js';
import { loadSettings, readSettings } from './settings.js';

/** Provides the state that the panel, the tabs and the commands share. */
export const runsPlugin: JupyterFrontEndPlugin<IRunsModel> = {
  id: 'amlflow:runs',
  description: 'Provides the connections, experiments and runs on this host.',
  autoStart: true,
  provides: IRunsModel,
  optional: [IStateDB, ISettingRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    state: IStateDB | null,
    registry: ISettingRegistry | null,
    translator: ITranslator | null
  ): IRunsModel => {
    const trans = (translator ?? nullTranslator).load('amlflow');
    const api = new Api(
      app.serviceManager.serverSettings,
      trans.__(
        'The amlflow server extension does not answer: restart JupyterLab.'
      )
    );
    const model = new RunsModel(api, new ChoiceKeeper(state));
    if (registry) {
      void followSettings(model, registry);
    }
    return model;
  }
};

async function followSettings(
  model: IRunsModel,
  registry: ISettingRegistry
): Promise<void> {
  const settings = await loadSettings(registry);
  const apply = () => {
    model.interval = readSettings(settings).refreshInterval;
  };
  settings.changed.connect(apply);
  apply();
}
