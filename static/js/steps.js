// On a phone a long form is shown a step at a time. It stays one form on one page: nothing typed is
// ever away, the phone's own "back" leads to the step before, and Enter goes on.
(() => {
  const form = document.querySelector('.steps'), steps = [...form.querySelectorAll('.step')];
  const first = steps.find(step => step.querySelector('.error')) ?? steps[0];
  const asked = () => (location.hash ? steps.find(step => `#${step.id}` === location.hash) : first);
  let now;
  const show = step => {
    now = step;
    steps.forEach(each => each.classList.toggle('now', each === now));
  };

  addEventListener('hashchange', () => {
    if (!asked()) return; // "skip to the text" is no step
    show(asked());
    now.querySelector('h2').focus({ preventScroll: true });
    form.scrollIntoView();
  });
  form.addEventListener('submit', event => {
    const next = now.querySelector('.next');
    if (!next?.offsetWidth) return; // the last step, or all of them on a wide screen
    event.preventDefault();
    event.stopPropagation();
    next.click();
  });
  form.classList.add('stepwise');
  show(asked() ?? first);

  // A finger that pulls the page down to reload it takes nothing away either.
  const fields = [...form.elements].filter(({ name, type }) => name && !['hidden', 'file'].includes(type));
  const what = ({ type }) => (['radio', 'checkbox'].includes(type) ? 'checked' : 'value');
  addEventListener('pagehide', () => {
    sessionStorage.typed = JSON.stringify(fields.map(field => field[what(field)]));
  });
  if (performance.getEntriesByType('navigation')[0]?.type !== 'reload') return;
  JSON.parse(sessionStorage.typed ?? '[]').forEach((value, n) => { if (fields[n]) fields[n][what(fields[n])] = value; });
})();
