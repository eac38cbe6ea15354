import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import React from 'react';

import { logoIcon } from '../icons.js';
import type { RunModel } from '../models/run.js';
import type { NamedValue, RunDetail } from '../records.js';
import { ArtifactTree } from './artifactTree.js';
import { ModelTable } from './modelTable.js';
import { EmptyNotice, ErrorNotice } from './notice.js';
import { RunHeader } from './runHeader.js';
import { ValueTable } from './valueTable.js';

export interface RunTabOptions {
  model: RunModel;
  /** What to call the run until the server has answered. */
  name: string;
  trans: TranslationBundle;
}

/** A run in a tab of its own. */
export class RunTab extends ReactWidget {
  constructor(private readonly _options: RunTabOptions) {
    super();
    this.addClass('jp-Amlflow-runTab');
    this.title.icon = logoIcon;
    this._retitle();
    this.model.changed.connect(() => this._retitle());
  }

  get model(): RunModel {
    return this._options.model;
  }

  override dispose(): void {
    this.model.dispose();
    super.dispose();
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this.model.changed}>
        {() => <RunView {...this._options} />}
      </UseSignal>
    );
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.model.visible = this.isVisible;
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.model.visible = true;
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.model.visible = false;
  }

  private _retitle(): void {
    const { run } = this.model;
    const { trans } = this._options;
    const name = run?.name ?? this._options.name;
    this.title.label = name || trans.__('Run');
    this.title.caption = run
      ? trans.__('%1 in %2', run.name, run.experiment.name)
      : name;
  }
}

function RunView(props: RunTabOptions): JSX.Element {
  const { model, trans } = props;
  const { run, error } = model;
  return (
    <>
      {error !== null && (
        <ErrorNotice
          message={error}
          retry={() => model.refresh()}
          trans={trans}
        />
      )}
      {run === null && error === null && (
        <EmptyNotice title={trans.__('Loading…')} />
      )}
      {run !== null && (
        <article className="jp-Amlflow-runView" aria-label={run.name}>
          <RunHeader run={run} refresh={() => model.refresh()} trans={trans} />
          <RunSections run={run} model={model} trans={trans} />
        </article>
      )}
    </>
  );
}

function RunSections(props: {
  run: RunDetail;
  model: RunModel;
  trans: TranslationBundle;
}): JSX.Element {
  const { run, model, trans } = props;
  const pairs = (values: readonly NamedValue[]) =>
    values.map(each => [each.name, each.value]);
  return (
    <div className="jp-Amlflow-sections">
      <div className="jp-Amlflow-sectionColumn">
        <ValueTable
          title={trans.__('Metrics')}
          columns={[trans.__('Name'), trans.__('Last value'), trans.__('Step')]}
          rows={run.metrics.map(each => [
            each.name,
            each.text,
            String(each.step)
          ])}
          numeric
          empty={trans.__('No metrics logged.')}
          filterLabel={trans.__('Filter metrics')}
        />
        {run.models.length > 0 && (
          <ModelTable models={run.models} trans={trans} />
        )}
        <ArtifactTree model={model.artifacts} trans={trans} />
      </div>
      <div className="jp-Amlflow-sectionColumn">
        <ValueTable
          title={trans.__('Parameters')}
          columns={[trans.__('Name'), trans.__('Value')]}
          rows={pairs(run.params)}
          empty={trans.__('No parameters logged.')}
          filterLabel={trans.__('Filter parameters')}
        />
        <ValueTable
          title={trans.__('Tags')}
          columns={[trans.__('Name'), trans.__('Value')]}
          rows={pairs(run.tags)}
          empty={trans.__('No tags set.')}
          filterLabel={trans.__('Filter tags')}
        />
      </div>
    </div>
  );
}
