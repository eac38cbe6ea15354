import type { TranslationBundle } from '@jupyterlab/translation';
import {
  caretDownIcon,
  caretRightIcon,
  fileIcon,
  folderIcon,
  UseSignal
} from '@jupyterlab/ui-components';
import React from 'react';

import type { ArtifactsModel } from '../models/artifacts.js';
import { formatSize } from '../models/number.js';
import type { TreeLine } from '../models/tree.js';
import type { Artifact } from '../records.js';
import { ErrorNotice } from './notice.js';
import { useTreeKeys } from './treeKeys.js';

export interface ArtifactTreeProps {
  model: ArtifactsModel;
  trans: TranslationBundle;
}

/** The files of a run; folders are listed when they are opened. */
export function ArtifactTree(props: ArtifactTreeProps): JSX.Element {
  return (
    <UseSignal signal={props.model.changed}>
      {() => <ArtifactSection {...props} />}
    </UseSignal>
  );
}

function ArtifactSection(props: ArtifactTreeProps): JSX.Element {
  const { model, trans } = props;
  const { lines, error } = model;
  return (
    <section className="jp-Amlflow-section" aria-label={trans.__('Artifacts')}>
      <div className="jp-Amlflow-sectionHeader">
        <h2>{trans.__('Artifacts')}</h2>
      </div>
      {error !== null && (
        <ErrorNotice
          message={error}
          retry={() => void model.refresh()}
          trans={trans}
        />
      )}
      {lines === null && error === null && (
        <div className="jp-Amlflow-sectionEmpty">{trans.__('Loading…')}</div>
      )}
      {lines?.length === 0 && (
        <div className="jp-Amlflow-sectionEmpty">
          {trans.__('No artifacts logged.')}
        </div>
      )}
      {lines !== null && lines.length > 0 && <Lines {...props} lines={lines} />}
    </section>
  );
}

function Lines(
  props: ArtifactTreeProps & { lines: TreeLine<Artifact>[] }
): JSX.Element {
  const { model, lines, trans } = props;
  const toggle = (path: string) => {
    if (lines.find(line => line.id === path)?.item.is_dir) {
      void model.toggle(path);
    }
  };
  const keys = useTreeKeys(lines, { toggle, open: toggle });
  return (
    <div
      ref={keys.list}
      className="jp-Amlflow-artifacts"
      role="tree"
      aria-label={trans.__('Artifacts')}
      onKeyDown={keys.onKeyDown}
    >
      {lines.map(line => (
        <div
          key={line.id}
          {...keys.entry(line.id)}
          className="jp-Amlflow-artifact"
          data-path={line.id}
          role="treeitem"
          aria-level={line.level}
          aria-expanded={line.expanded ?? undefined}
          aria-busy={model.isLoading(line.id)}
          title={line.id}
          style={
            { '--jp-amlflow-level': line.level - 1 } as React.CSSProperties
          }
          onClick={() => toggle(line.id)}
        >
          <ArtifactLine line={line} />
        </div>
      ))}
    </div>
  );
}

function ArtifactLine(props: { line: TreeLine<Artifact> }): JSX.Element {
  const { item, expanded } = props.line;
  const caret = expanded ? caretDownIcon : caretRightIcon;
  const icon = item.is_dir ? folderIcon : fileIcon;
  return (
    <>
      <span className="jp-Amlflow-twisty">
        {expanded !== null && <caret.react tag="span" />}
      </span>
      <icon.react tag="span" className="jp-Amlflow-artifactIcon" />
      <span className="jp-Amlflow-artifactName" dir="auto">
        {item.path.split('/').pop()}
      </span>
      {item.size !== null && (
        <span className="jp-Amlflow-muted">{formatSize(item.size)}</span>
      )}
    </>
  );
}
