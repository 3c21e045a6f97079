/* What Material leaves without a name or out of reach of the keyboard.
   document$ is Material's own signal: it fires for the first page and again after each instant navigation. */

const NAMES = {
  "[data-md-component=search][role=dialog]": "Search",
  "[data-md-component=search] [role=search], .md-search__form": "Search the course",
  ".md-tabs": "Sections",
  ".md-nav--secondary": "On this page",
  ".md-path": "Where this page stands",
  ".md-footer__inner": "Previous and next page",
};

function nameLandmarks() {
  for (const [selector, name] of Object.entries(NAMES)) {
    for (const element of document.querySelectorAll(selector)) {
      element.setAttribute("aria-label", name);
    }
  }
}

function nameToolbars() {
  document.querySelectorAll(".md-code__nav").forEach((toolbar, index) => {
    toolbar.setAttribute("aria-label", `Listing ${index + 1}`);
  });
}

/* A box that scrolls must be reachable by keyboard, or its right half is for the mouse only. */
function letScrollersBeFocused() {
  const scrollers = document.querySelectorAll(
    ".md-typeset pre > code, .md-typeset__scrollwrap, .md-typeset p:has(> img.picture)",
  );
  for (const element of scrollers) {
    if (element.scrollWidth > element.clientWidth) {
      element.tabIndex = 0;
    }
  }
}

function mount() {
  nameLandmarks();
  nameToolbars();
  letScrollersBeFocused();
}

document$.subscribe(() => {
  mount();
  // Copy buttons and table wrappers are added a moment later; a picture has a width once it is loaded.
  requestAnimationFrame(mount);
  for (const image of document.querySelectorAll("img.picture")) {
    image.addEventListener("load", letScrollersBeFocused, { once: true });
  }
});

addEventListener("resize", letScrollersBeFocused);
