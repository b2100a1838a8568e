/** The page's faces, served with it: nothing is fetched from elsewhere. Other scripts than Latin fall back to the system's. */
import sans from "@fontsource-variable/geist/files/geist-latin-wght-normal.woff2";
import mono from "@fontsource-variable/geist-mono/files/geist-mono-latin-wght-normal.woff2";

/** Longer than a local server ever takes; a slow one gets the system's face first, and the page's when it comes. */
const patienceMs = 400;

/** Resolves when text can be drawn in the right face, so that it is not drawn twice. Never rejects. */
export async function loadFonts(): Promise<void> {
  const weight = "100 900";
  const faces = [
    new FontFace("Geist", `url("${sans}")`, { weight }),
    new FontFace("Geist Mono", `url("${mono}")`, { weight }),
  ];
  for (const face of faces) document.fonts.add(face);
  const loaded = Promise.allSettled(faces.map((face) => face.load()));
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
}
