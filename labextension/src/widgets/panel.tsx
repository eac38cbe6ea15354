import type { TranslationBundle } from '@jupyterlab/translation';
import {
  Button,
  ReactWidget,
  refreshIcon,
  UseSignal
} from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import React, { useCallback } from 'react';

import { logoIcon } from '../icons.js';
import type { RunSummary } from '../records.js';
import type { IRunsModel } from '../tokens.js';
import { ConnectionList } from './connectionList.js';
import { ExperimentPicker } from './experimentPicker.js';
import { EmptyNotice, ErrorNotice } from './notice.js';
import { RunResults } from './runResults.js';
import { SearchBox } from './searchBox.js';

export interface PanelOptions {
  model: IRunsModel;
  /** Show a run in a tab. */
  open: (run: RunSummary) => void;
  trans: TranslationBundle;
}

/** The sidebar: connections, the experiments of one, and their runs. */
export class RunsPanel extends ReactWidget {
  constructor(private readonly _options: PanelOptions) {
    super();
    this.id = 'amlflow-panel';
    this.addClass('jp-Amlflow-panel');
    this.title.icon = logoIcon;
    this.title.caption = _options.trans.__('amlflow');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', _options.trans.__('amlflow runs'));
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this._options.model.changed}>
        {() => <PanelView {...this._options} />}
      </UseSignal>
    );
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._options.model.visible = this.isVisible;
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._options.model.visible = true;
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this._options.model.visible = false;
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.node.querySelector<HTMLElement>('input[type="search"]')?.focus();
  }
}

function PanelView(props: PanelOptions): JSX.Element {
  const { model, open, trans } = props;
  const { connections, connection, experiments, experiment, error } =
    model.view;
  const search = useCallback((text: string) => model.searchFor(text), [model]);
  const retry = () => model.refresh();
  return (
    <>
      <div className="jp-Amlflow-header">
        <h2 className="jp-Amlflow-title">{trans.__('Connections')}</h2>
        <Button
          minimal
          className="jp-Amlflow-refresh"
          title={trans.__('Refresh')}
          aria-label={trans.__('Refresh')}
          onClick={retry}
        >
          <refreshIcon.react tag="span" />
        </Button>
      </div>
      {error !== null && !connections?.length && (
        <ErrorNotice message={error} retry={retry} trans={trans} />
      )}
      {connections === null && error === null && (
        <EmptyNotice title={trans.__('Loading…')} />
      )}
      {connections?.length === 0 && error === null && (
        <EmptyNotice title={trans.__('No connection yet')}>
          {trans.__('Run %1 in a notebook.', '%aml_connect')}
        </EmptyNotice>
      )}
      {connections !== null && connections.length > 0 && (
        <>
          <ConnectionList
            connections={connections}
            chosen={connection}
            choose={name => model.chooseConnection(name)}
            trans={trans}
          />
          <div className="jp-Amlflow-filters">
            <ExperimentPicker
              experiments={experiments ?? []}
              chosen={experiment}
              choose={id => model.chooseExperiment(id)}
              trans={trans}
            />
            <SearchBox label={trans.__('Search runs')} search={search} />
          </div>
          <RunResults model={model} open={open} trans={trans} />
        </>
      )}
    </>
  );
}
