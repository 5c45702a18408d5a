// Comforts on top of a page that works without them: messages, a character counter, "near me".
(() => {
  const toasts = document.getElementById('toasts');
  const say = text => toasts?.replaceChildren(
    Object.assign(document.createElement('p'), { className: 'toast alarm', textContent: text }));

  // The form keeps what was typed; only the reader must know that it has not gone through.
  document.addEventListener('htmx:error', () => say(toasts?.dataset.offline));
  document.addEventListener('htmx:response:error', event => {
    const { response } = event.detail.ctx;
    if (![401, 409, 422].includes(response?.status)) setTimeout(() => toasts?.childElementCount || say(toasts?.dataset.failed));
  });
  document.addEventListener('htmx:before:request', () => toasts?.replaceChildren());
  toasts?.addEventListener('click', () => toasts.replaceChildren());

  const count = area => {
    const words = area.parentElement.querySelector('.count');
    const left = +area.dataset.limit - [...area.value.trim()].length;
    if (words) words.textContent = (left < 0 ? words.dataset.over : words.dataset.left).replace('{n}', Math.abs(left));
  };
  document.addEventListener('input', event => event.target.matches?.('[data-limit]') && count(event.target));

  document.addEventListener('click', event => {
    const link = event.target.closest?.('[data-near]');
    if (!link || !navigator.geolocation) return;
    event.preventDefault();
    const label = link.querySelector('span') ?? link, word = label.textContent;
    label.textContent = link.dataset.busy;
    link.setAttribute('aria-busy', 'true');
    const restore = () => { label.textContent = word; link.removeAttribute('aria-busy'); };
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      restore();
      const there = `${link.dataset.near}${coords.latitude.toFixed(5)},${coords.longitude.toFixed(5)}`, { into } = link.dataset;
      if (into && window.htmx) window.htmx.ajax('GET', there, { target: into, swap: 'outerHTML' });
      else location.assign(there);
    }, () => { restore(); say(link.dataset.denied); }, { timeout: 10000, maximumAge: 60000 });
  });

  // A form whose answer opens a new page is sent once, however often it is pressed.
  document.addEventListener('submit', event => {
    const form = event.target;
    if (form.method !== 'post' || form.hasAttribute('hx-post') && window.htmx) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = '1';
  });
  addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(form => delete form.dataset.sent));
})();
