// The least that an anywidget needs: a model with state, changes and messages, and an element.
const listeners = new Map();
let state = {};

const model = {
  get: name => state[name],
  set: (name, value) => {
    state[name] = value;
    tell(`change:${name}`, value);
  },
  on: (event, listener) =>
    event.split(' ').forEach(one => {
      listeners.set(one, [...(listeners.get(one) ?? []), listener]);
    }),
  off: () => {},
  send: () => {},
  save_changes: () => {}
};

function tell(event, ...values) {
  (listeners.get(event) ?? []).forEach(listener => listener(...values));
}

function unpacked(value) {
  if (value?.base64 !== undefined) {
    const bytes = Uint8Array.from(atob(value.base64), c => c.charCodeAt(0));
    return new DataView(bytes.buffer);
  }
  if (Array.isArray(value)) {
    return value.map(unpacked);
  }
  return value && typeof value === 'object'
    ? Object.fromEntries(
        Object.entries(value).map(([key, one]) => [key, unpacked(one)])
      )
    : value;
}

/** After what was asked for is drawn: the frame is done, and so is what plotly does after it. */
async function painted() {
  await new Promise(requestAnimationFrame);
  const plot = document.querySelector('.js-plotly-plot');
  if (plot) {
    await plot._promises?.at?.(-1);
  }
  await new Promise(resolve => setTimeout(resolve));
}

/** Loads and shows the widget; returns how long it takes, in milliseconds. */
window.show = async packed => {
  state = unpacked(packed);
  const el = document.createElement('div');
  document.body.append(el);
  const begun = performance.now();
  const { default: widget } = await import('/widget.js');
  const made = typeof widget === 'function' ? await widget() : widget;
  await made.initialize?.({ model });
  await made.render({ model, el });
  do {
    await painted();
  } while (!document.querySelector('canvas, .scatterlayer path.js-line'));
  return performance.now() - begun;
};

/** Hands the widget a message; returns how long it takes until it is drawn. */
window.update = async packed => {
  const message = unpacked(packed);
  const plot = document.querySelector('.js-plotly-plot');
  const begun = performance.now();
  const drawn = plot
    ? new Promise(resolve => plot.once('plotly_afterplot', resolve))
    : painted();
  if (message.change) {
    model.set(message.change, message.value);
  } else {
    tell('msg:custom', message.custom, [message.buffer]);
  }
  await drawn;
  if (plot) {
    await painted();
  }
  return performance.now() - begun;
};
