// A voucher counts down by itself, also without a network, and says when its time is over.
(() => {
  const left = document.querySelector('[data-countdown]');
  if (!left) return;
  const end = Date.parse(left.dataset.countdown);
  const tell = () => {
    const seconds = Math.max(0, Math.round((end - Date.now()) / 1000));
    left.textContent = seconds
      ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
      : left.dataset.over;
    if (!seconds) {
      document.querySelector('.qr')?.remove();
      clearInterval(counting);
    }
  };
  const counting = setInterval(tell, 1000);
  tell();
})();
