// A script that its CDN does not deliver, or not soon, is loaded from our own copy, in the order of the page.
(() => {
  const patience = 3000, settled = new Set();
  let chain = Promise.resolve();
  const load = src => new Promise((loaded, failed) => {
    document.head.append(Object.assign(document.createElement('script'), { src, onload: loaded, onerror: failed }));
  });
  const useOwn = script => {
    settled.add(script);
    chain = chain.then(() => load(script.dataset.local)).then(() => window.htmx?.process(document.body)).catch(() => {});
  };
  document.addEventListener('load', event => settled.add(event.target), true);
  document.addEventListener('error', event => event.target.dataset?.local && useOwn(event.target), true);
  setTimeout(() => document.querySelectorAll('script[data-local]').forEach(script => {
    if (settled.has(script)) return;
    document.implementation.createHTMLDocument().adoptNode(script); // there it will not run, should it still come
    useOwn(script);
  }), patience);
})();
