// Runs in every document of a window under check, before the page's own scripts, and in a world of its own: the page
// sees nothing of it and can't change what it uses. Page (page.py) asks it questions.

const course = (() => {
  const MOST_NOTES = 20_000;
  const notes = []; // [element, attribute, value], for each value that an attribute has had
  const removedFrom = new WeakMap(); // where an element stood that is in the document no more

  function note(element, name, value) {
    if (value !== null && notes.length < MOST_NOTES) notes.push([element, name, value]);
  }

  // The observer is told of several changes at once, with the value before each: the one after stands in the next.
  function record(changes) {
    const attributes = changes.filter((change) => change.type === "attributes");
    const next = (element, name, after) =>
      attributes.find((c) => c.target === element && c.attributeName === name && changes.indexOf(c) > after);
    const valueAfter = (element, name, at) => {
      const change = next(element, name, at);
      return change ? change.oldValue : element.getAttribute(name);
    };
    changes.forEach((change, at) => {
      if (change.type === "attributes") {
        note(change.target, change.attributeName, valueAfter(change.target, change.attributeName, at));
        return;
      }
      for (const removed of change.removedNodes) removedFrom.set(removed, change.target);
      for (const added of change.addedNodes) {
        if (added.nodeType !== Node.ELEMENT_NODE) continue;
        for (const element of [added, ...added.querySelectorAll("*")]) {
          const names = new Set(element.getAttributeNames());
          attributes.filter((c) => c.target === element).forEach((c) => names.add(c.attributeName));
          for (const name of names) note(element, name, valueAfter(element, name, at));
        }
      }
    });
  }

  const recorder = new MutationObserver(record);
  recorder.observe(document, { attributes: true, attributeOldValue: true, childList: true, subtree: true });

  // A caret that blinks would make two pictures of one page. This sheet is the one thing that the page could find.
  const noCaret = new CSSStyleSheet();
  noCaret.replaceSync("* { caret-color: transparent !important; }");
  document.adoptedStyleSheets.push(noCaret);

  const find = (css) => document.querySelector(css);
  const isField = (element) => element.matches("input, textarea, select");

  function read(element) {
    return (isField(element) ? element.value : (element.innerText ?? element.textContent)).trim();
  }

  function whyNotReachable(element) {
    if (element.matches(":disabled")) return "it is disabled";
    element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || getComputedStyle(element).visibility !== "visible") return "it is not visible";
    return "";
  }

  // From where to where an element can be seen: what the window and the boxes that scroll leave of it.
  function visibleHeight(element) {
    let [top, bottom] = [0, innerHeight];
    for (let box = element; box; box = box.parentElement) {
      if (box === document.documentElement || getComputedStyle(box).overflowY === "visible") continue;
      const edge = box.getBoundingClientRect();
      [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return [top, bottom];
  }

  // What can be asked. An answer of undefined says that there is no such element.
  const questions = {
    text: (css) => find(css) && read(find(css)),
    texts: (css) => [...document.querySelectorAll(css)].map(read),
    value: (css) => find(css) && String(find(css).value ?? ""),
    attribute: (css, name) => find(css) && { value: find(css).getAttribute(name) },
    strays: () => [...document.querySelectorAll("label")].filter((label) => !label.control).map(read),
    count: (css) => document.querySelectorAll(css).length,
    focused: () => {
      const element = document.activeElement;
      if (!element || element === document.body) return "";
      if (element.id) return `#${element.id}`;
      const name = element.getAttribute("name");
      return element.localName + (name ? `[name=${name}]` : "");
    },

    // Whether the last line of a log that holds a text is where somebody sees it.
    sight: (css, text) => {
      const log = find(css);
      if (!log) return undefined;
      const line = [log, ...log.querySelectorAll("*")].filter((element) => read(element).includes(text)).at(-1);
      if (!line) return { why: "it is not there" };
      if (isField(line)) return { done: line.scrollTop + line.clientHeight > line.scrollHeight - 10, why: "it is scrolled away" };
      const range = document.createRange();
      range.selectNodeContents(line);
      const box = [...range.getClientRects()].at(-1);
      if (!box) return { why: "it is hidden" };
      const [top, bottom] = visibleHeight(line);
      const middle = (box.top + box.bottom) / 2;
      return { done: top <= middle && middle <= bottom, why: middle < top ? "it is above what can be seen" : "it is below what can be seen" };
    },

    path: () => location.pathname + location.search,
    loaded: () => ({
      done: document.readyState === "complete",
      status: performance.getEntriesByType("navigation")[0]?.responseStatus ?? 0,
    }),

    // The place to click, or why there is none.
    spot: (css) => {
      const element = find(css);
      if (!element) return undefined;
      const why = whyNotReachable(element);
      if (why) return { why };
      const box = element.getClientRects()[0];
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const top = document.elementFromPoint(x, y);
      if (!top || element.contains(top) || top.closest("label")?.control === element) return { x, y };
      return { why: `<${top.localName}${top.id ? ` id="${top.id}"` : ""}> covers it` };
    },

    // Put the focus there, with all that a field holds selected.
    focus: (css, toWrite) => {
      const element = find(css);
      if (!element) return undefined;
      const why = whyNotReachable(element);
      if (why) return { why };
      if (toWrite && element.readOnly) return { why: "it is read-only" };
      if (toWrite && !isField(element) && !element.isContentEditable) return { why: "it takes no text" };
      element.focus();
      if (toWrite && element.select) element.select();
      else if (toWrite) getSelection().selectAllChildren(element);
      return { done: document.activeElement === element, why: "it does not take the focus" };
    },
  };

  const tests = {
    known: (now) => now !== undefined,
    done: (now) => now?.done === true,
    reachable: (now) => now !== undefined && !now.why,
    is: (now, expected) => JSON.stringify(now) === JSON.stringify(expected),
    has: (now, expected) => typeof now === "string" && now.includes(expected),
  };

  // Wait until the answer to a question passes a test; tell the last answer in any case.
  function until(question, parameters, test, expected, limitMs) {
    return new Promise((resolve) => {
      const look = () => {
        const now = questions[question](...parameters) ?? undefined;
        return { met: tests[test](now, expected), missing: now === undefined, now };
      };
      const end = (answer) => {
        watcher.disconnect();
        clearInterval(ticks);
        clearTimeout(limit);
        resolve(answer);
      };
      const ask = () => {
        const answer = look();
        if (answer.met) end(answer);
      };
      const watcher = new MutationObserver(ask);
      const everything = { attributes: true, characterData: true, childList: true, subtree: true };
      watcher.observe(document, everything);
      const ticks = setInterval(ask, 25); // what a field holds, and how things look, changes without a mutation
      const limit = setTimeout(() => end(look()), limitMs);
      ask();
    });
  }

  // Whether a selector fits an element where it stands, or stood: a page may draw its whole list anew at each change.
  function fits(element, css) {
    if (element.isConnected) return element.matches(css);
    const inside = element.cloneNode(false);
    let inner = inside;
    for (let outer = element; (outer = outer.parentElement ?? removedFrom.get(outer)); ) {
      if (outer.nodeType !== Node.ELEMENT_NODE) break;
      const copy = outer.cloneNode(false);
      copy.append(inner);
      inner = copy;
    }
    return inside.matches(css);
  }

  function history(css, name) {
    record(recorder.takeRecords());
    const values = notes.filter(([element, n]) => n === name && fits(element, css)).map(([, , value]) => value);
    return values.filter((value, at) => value !== values[at - 1]);
  }

  return { history, until };
})();
