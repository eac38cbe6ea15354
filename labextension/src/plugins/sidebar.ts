import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../commands.js';
import { IRunsModel } from '../tokens.js';
import { RunsPanel } from '../widgets/panel.js';
import { loadSettings, readSettings, SETTINGS_ID } from './settings.js';

const RANK = 500;

/** Adds the panel to the left side bar. */
export const sidebarPlugin: JupyterFrontEndPlugin<void> = {
  id: SETTINGS_ID,
  description: 'Adds the amlflow panel to the left side bar.',
  autoStart: true,
  requires: [IRunsModel],
  optional: [ILayoutRestorer, ISettingRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    model: IRunsModel,
    restorer: ILayoutRestorer | null,
    registry: ISettingRegistry | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('amlflow');
    const panel = new RunsPanel({
      model,
      trans,
      open: run =>
        void app.commands.execute(CommandIDs.openRun, {
          connection: model.view.connection,
          run: run.id,
          name: run.name
        })
    });
    app.shell.add(panel, 'left', { rank: RANK });
    restorer?.add(panel, panel.id);
    app.commands.addCommand(CommandIDs.showPanel, {
      label: trans.__('Show amlflow panel'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => app.shell.activateById(panel.id)
    });
    if (registry) {
      void openOnStart(app, registry);
    }
  }
};

/** Show the panel once the layout stands, where the settings ask for it. */
async function openOnStart(
  app: JupyterFrontEnd,
  registry: ISettingRegistry
): Promise<void> {
  const settings = await loadSettings(registry);
  await app.restored;
  if (readSettings(settings).openOnStart) {
    await app.commands.execute(CommandIDs.showPanel);
  }
}
