// Returns every visible text whose contrast to what lies behind it is below WCAG's 4.5:1 (3:1 for large text).
function rgba(text) {
  const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
  return [r, g, b, a];
}

function over([r, g, b, a], [R, G, B]) {
  return [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
}

function luminance([r, g, b]) {
  const [R, G, B] = [r, g, b].map((v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * R + 0.7152 * G + 0.0722 * B;
}

// What lies behind an element's text, and how opaque that text is: asked once for each of a page's thousands of elements.
const known = new Map([[null, { behind: [255, 255, 255, 1], opacity: 1 }]]);

function ground(element) {
  if (!known.has(element)) {
    const { behind, opacity } = ground(element.parentElement);
    const style = getComputedStyle(element);
    known.set(element, {
      behind: over(rgba(style.backgroundColor), behind),
      opacity: opacity * Number(style.opacity),
    });
  }
  return known.get(element);
}

function ratio(element) {
  const { behind, opacity } = ground(element);
  const [r, g, b, a] = rgba(getComputedStyle(element).color);
  const [light, dark] = [luminance(over([r, g, b, a * opacity], behind)), luminance(behind)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function faint() {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest("script, style, svg, [hidden], .md-search__output, .headerlink")) continue;
    const style = getComputedStyle(element);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const got = ratio(element);
    if (got < (large ? 3 : 4.5)) found.add(`${got.toFixed(2)} "${text.slice(0, 40)}" ${element.className || element.tagName}`);
  }
  return [...found];
}

return faint();
