import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';

import { CommandIDs } from '../commands.js';
import { IRunsModel } from '../tokens.js';

/** Lists amlflow's commands in the command palette. */
export const palettePlugin: JupyterFrontEndPlugin<void> = {
  id: 'amlflow:palette',
  description: 'Adds the amlflow commands to the command palette.',
  autoStart: true,
  requires: [IRunsModel],
  optional: [ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    model: IRunsModel,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('amlflow');
    app.commands.addCommand(CommandIDs.refresh, {
      label: trans.__('Refresh runs'),
      icon: refreshIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => model.refresh()
    });
    for (const command of [CommandIDs.showPanel, CommandIDs.refresh]) {
      palette?.addItem({ command, category: trans.__('amlflow') });
    }
  }
};
