import { InputGroup } from '@jupyterlab/ui-components';
import { Debouncer } from '@lumino/polling';
import React, { useEffect, useMemo, useState } from 'react';

/** Milliseconds without a key before the server is asked. */
const PAUSE = 300;

export interface SearchBoxProps {
  label: string;
  /** Called when the typing pauses. */
  search: (text: string) => void;
}

/** A text field whose text goes to the server when the typing pauses. */
export function SearchBox(props: SearchBoxProps): JSX.Element {
  const { label, search } = props;
  const [text, setText] = useState('');
  const debounced = useMemo(
    () => new Debouncer<void, never, [string]>(search, PAUSE),
    [search]
  );
  useEffect(() => () => debounced.dispose(), [debounced]);
  return (
    <InputGroup
      className="jp-Amlflow-search"
      type="search"
      value={text}
      placeholder={label}
      aria-label={label}
      rightIcon={text ? undefined : 'ui-components:search'}
      onChange={event => {
        setText(event.target.value);
        void debounced.invoke(event.target.value);
      }}
    />
  );
}
