// A script that its CDN did not deliver is loaded from our own copy, in the order of the page.
(() => {
  let chain = Promise.resolve();
  const load = src => new Promise((loaded, failed) => {
    document.head.append(Object.assign(document.createElement('script'), { src, onload: loaded, onerror: failed }));
  });
  addEventListener('error', event => {
    const own = event.target?.dataset?.local;
    if (own) chain = chain.then(() => load(own)).then(() => window.htmx?.process(document.body)).catch(() => {});
  }, true);
})();
