// The page listens: a quiet sign says whether it is heard; where no stream comes through, it asks.
(() => {
  const stream = document.getElementById('stream');
  if (!stream) return;
  const LISTS = ['#wall-of-station', '#results', '#news'], NEW = /hx-swap="(afterbegin|beforeend)"/;
  const QUIET = 40000, APART = 3000, SPOKEN_APART = 10000;
  const sign = document.getElementById('link'), heard = document.getElementById('heard');
  const on = (name, deed) => document.addEventListener(name, deed);
  let connection, alive = Date.now(), moved = 0, asked = 0, fresh = 0, speaking;

  // Should the extension come after htmx has begun, it is told of the stream.
  setTimeout(() => stream.hasAttribute('data-htmx-powered') || window.htmx?.process(stream));

  const say = state => {
    const shown = navigator.onLine ? state : 'off';
    sign.hidden = false;
    sign.dataset.state = shown;
    sign.textContent = sign.dataset[shown];
  };

  // The whole list anew, for this page's filters; half-typed words stand outside of it.
  const refresh = () => {
    const list = document.querySelector(LISTS);
    if (!list || document.hidden || !navigator.onLine || Date.now() - asked < APART) return;
    asked = Date.now();
    window.htmx.ajax('GET', location.href, { target: list, select: `#${list.id}`, swap: 'outerMorph' });
  };

  const speak = () => {
    speaking ??= setTimeout(() => {
      heard.textContent = fresh === 1 ? heard.dataset.one : heard.dataset.more.replace('{n}', fresh);
      fresh = 0;
      speaking = setTimeout(() => { speaking = undefined; fresh && speak(); }, SPOKEN_APART);
    });
  };

  on('htmx:sse:before:connection', event => { connection = event.detail.connection; });
  on('htmx:sse:after:connection', () => { alive = Date.now(); say('live'); });
  on('htmx:sse:error', () => say('again'));
  on('htmx:sse:close', () => say('again'));
  on('htmx:sse:before:message', event => {
    connection = event.detail.connection;
    alive = Date.now();
    say('live');
    const { message } = event.detail;
    if (message.event) return;
    moved = Date.now();
    if (NEW.test(message.data)) { fresh += 1; speak(); }
  });
  stream.addEventListener('bye', () => say('again'));
  stream.addEventListener('refresh', () => { asked = 0; refresh(); });
  on('htmx:response:error', event => event.target === stream && say('again'));

  // A list that was asked for before the stream moved may be older than what it replaced.
  on('htmx:before:request', event => { event.detail.ctx.begun = Date.now(); });
  on('htmx:after:swap', event => {
    const { ctx } = event.detail;
    if (ctx?.begun < moved && ctx.target?.matches?.(LISTS)) setTimeout(refresh, APART);
  });

  // A stream that is silent for long is cut, to come again; until it speaks, the page asks.
  setInterval(() => {
    if (document.hidden || Date.now() - alive < QUIET) return;
    say('again');
    connection?.reader?.cancel();
    if (window.htmx) refresh();
  }, QUIET / 4);
  addEventListener('offline', () => say('off'));
  addEventListener('online', () => { say('again'); connection?.delayCanceller?.(); });
})();
