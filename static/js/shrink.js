// A photo is made smaller and upright before it is sent: two bars of signal are not for ten megabytes.
document.addEventListener('change', async event => {
  const input = event.target, longest = +input.dataset?.shrink, file = input.files?.[0];
  if (!longest || !file?.type.startsWith('image/') || file.size < 300_000) return;
  const button = input.form.querySelector('button');
  button.disabled = true;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement('canvas'), {
      width: Math.round(picture.width * scale),
      height: Math.round(picture.height * scale),
    });
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.8));
    if (blob?.size < file.size) {
      const files = new DataTransfer();
      files.items.add(new File([blob], 'photo.jpg', { type: blob.type }));
      input.files = files.files;
    }
  } catch {
    // A kind of picture that this browser cannot read goes as it is.
  } finally {
    button.disabled = false;
  }
});
