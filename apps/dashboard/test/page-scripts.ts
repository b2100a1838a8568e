/**
 * What tests ask a page from inside. They are text because this program has no DOM: its names would otherwise become
 * known to all the Node code it shares a compiler run with.
 */
export const scripts = {
  /** Name of what has the focus; "" when nothing has. */
  focusedName: `(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return "";
    return element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? (element.querySelector(".mantine-Button-label") ?? element).innerText;
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

  /**
   * Texts that stand out too little from what is behind them, with their contrast: less than 4.5, or 3 for large ones
   * (https://www.w3.org/TR/WCAG22/#contrast-minimum). What cannot be used is exempt.
   */
  lowContrast: `(() => {
    const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
    const known = new Map();
    const read = (color) => {
      if (!known.has(color)) {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = color;
        pen.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
        known.set(color, { channels: [red, green, blue], alpha: alpha / 255 });
      }
      return known.get(color);
    };
    const over = ({ channels, alpha }, below) => channels.map((value, index) => value * alpha + below[index] * (1 - alpha));
    const groundOf = (element) => {
      if (element === null) return [255, 255, 255];
      const color = read(getComputedStyle(element).backgroundColor);
      return color.alpha === 1 ? color.channels : over(color, groundOf(element.parentElement));
    };
    const opacityOf = (element) => element === null ? 1 : Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement);
    const luminance = (channels) => {
      const [red, green, blue] = channels.map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const low = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const element = text.parentElement;
      if (text.data.trim() === "" || element.closest(":disabled, [aria-disabled], .visually-hidden, .skip-link, option, noscript") !== null) continue;
      if (!element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      const ground = groundOf(element);
      const color = read(style.color);
      const ink = over({ ...color, alpha: color.alpha * opacityOf(element) }, ground);
      const [dark, light] = [luminance(ink), luminance(ground)].sort((a, b) => a - b);
      const size = parseFloat(style.fontSize);
      const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast < needed) low.push(text.data.trim().slice(0, 40) + ": " + contrast.toFixed(2));
    }
    return [...new Set(low)];
  })()`,

  /** Pixels the page is wider than its window. */
  overflow: "document.documentElement.scrollWidth - document.documentElement.clientWidth",

  /** Drops what the page keeps in its tab. */
  forget: "sessionStorage.clear(); localStorage.clear()",

  groundColor: "getComputedStyle(document.body).backgroundColor",
} as const;
