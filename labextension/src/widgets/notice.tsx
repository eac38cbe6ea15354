import type { TranslationBundle } from '@jupyterlab/translation';
import { Button } from '@jupyterlab/ui-components';
import React from 'react';

/** Says why there is nothing to see, and what to do about it. */
export function EmptyNotice(props: {
  title: string;
  children?: React.ReactNode;
}): JSX.Element {
  return (
    <div className="jp-Amlflow-notice" role="status">
      <div className="jp-Amlflow-noticeTitle">{props.title}</div>
      {props.children && (
        <div className="jp-Amlflow-noticeText">{props.children}</div>
      )}
    </div>
  );
}

/** The server's own sentence, commands in it easy to copy, and a way to try again. */
export function ErrorNotice(props: {
  message: string;
  retry: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  return (
    <div className="jp-Amlflow-error" role="alert">
      <span className="jp-Amlflow-errorText">
        {props.message
          .split('`')
          .map((part, index) =>
            index % 2 ? <code key={index}>{part}</code> : part
          )}
      </span>
      <Button small className="jp-mod-styled" onClick={props.retry}>
        {props.trans.__('Try again')}
      </Button>
    </div>
  );
}
