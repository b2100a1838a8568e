/**
 * What tests ask a page from inside. They are text because this program has no DOM: its names would otherwise become
 * known to all the Node code it shares a compiler run with.
 */
export const scripts = {
  /** Name of what has the focus; "" when nothing has. */
  focusedName: `(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return "";
    return element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.innerText;
  })()`,

  /** For each chart, how many pixels have the accent's and the danger's hue. */
  hues: `[...document.querySelectorAll(".plot canvas")].map((canvas) => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const hues = { accent: 0, danger: 0 };
    for (let index = 0; index < pixels.length; index += 4) {
      const [red, green, blue, alpha] = pixels.slice(index, index + 4);
      if (alpha < 200 || red < 200) continue;
      if (green > 150 && blue < 110) hues.accent += 1;
      if (green < 140 && blue < 130) hues.danger += 1;
    }
    return hues;
  })`,

  /** How far the page has moved under the reader since it was opened (https://web.dev/articles/cls). */
  layoutShift: `new Promise((resolve) => {
    let total = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) total += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(total)));
  })`,

  /** Pixels the page is wider than its window. */
  overflow: "document.documentElement.scrollWidth - document.documentElement.clientWidth",

  /** Drops what the page keeps in its tab. */
  forget: "sessionStorage.clear(); localStorage.clear()",

  groundColor: "getComputedStyle(document.body).backgroundColor",
} as const;
