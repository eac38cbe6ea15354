const SCALE = 2;

/** Hands the user a file, as a click on a link does. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A file's name that every system takes. */
export function fileName(title: string, ending: string): string {
  const safe = title.replace(/[^\p{L}\p{N}.-]+/gu, '_').replace(/^[._]+/, '');
  return `${safe.slice(0, 80) || 'chart'}.${ending}`;
}

/** An SVG document as pixels, twice as fine as on a simple screen. */
export async function pngOf(
  svg: string,
  width: number,
  height: number
): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = SCALE * width;
  canvas.height = SCALE * height;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(blob =>
      blob ? resolve(blob) : reject(new Error('no picture'))
    )
  );
}
