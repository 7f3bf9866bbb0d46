// What only helps: every page and form works without it.
(() => {
  "use strict";

  if (window.htmx) {
    // No snapshots of pages in the browser's storage; no inline styles; nothing evaluated. Errors are shown too.
    Object.assign(window.htmx.config, {
      includeIndicatorStyles: false, allowEval: false, historyCacheSize: 0, selfRequestsOnly: true,
      responseHandling: [{ code: "204", swap: false }, { code: "[2345]..", swap: true }],
    });
  }

  // htmx notes the address of the page in the browser's storage, where nothing about a person may stand.
  function forgetAddress() {
    try { sessionStorage.removeItem("htmx-current-path-for-history"); } catch { /* this browser keeps nothing anyway */ }
  }
  ["htmx:pushedIntoHistory", "htmx:historyRestore"].forEach((name) => document.addEventListener(name, forgetAddress));
  window.addEventListener("pagehide", forgetAddress);
  forgetAddress();

  // A page shown again by Back is asked for anew: it may be private, or out of date.
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

  const wide = window.matchMedia("(min-width: 46.01rem)");

  // On a wide page the filters stand open beside the results; where it becomes narrow, the results come first again.
  function foldOrOpen(root) {
    root.querySelectorAll(".two:not(.mapped) .narrow-fold").forEach((fold) => {
      if (wide.matches) { fold.open = true; fold.dataset.wide = ""; }
      else if ("wide" in fold.dataset) { fold.open = false; delete fold.dataset.wide; }
    });
  }
  wide.addEventListener("change", () => foldOrOpen(document));

  function settle(root) {
    root.querySelectorAll("form[data-near]").forEach((form) => { form.hidden = !("geolocation" in navigator); });
    root.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
    foldOrOpen(root);
    const summary = root.querySelector(".govuk-error-summary");
    if (summary) summary.focus();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    const pin = event.target.closest("a.map-pin");
    if (pin) {
      const card = document.getElementById(pin.getAttribute("href").slice(1));
      const link = card && card.querySelector("a");
      if (link) setTimeout(() => link.focus({ preventScroll: true }), 0);
    }
    const suggestion = event.target.closest("a[data-suggestion]");
    if (suggestion) {
      const form = suggestion.closest("form");
      const box = form && form.querySelector("[name=q]");
      if (box) {
        event.preventDefault();
        box.value = suggestion.dataset.suggestion;
        form.requestSubmit();
      }
    }
  });

  // Suggestions stand open only while somebody is at them: else they would lie over what comes next.
  const suggestions = () => document.getElementById("suggestions");
  const atSuggestions = (element) => Boolean(element && element.closest(".search-words"));

  document.addEventListener("keydown", (event) => {
    const list = suggestions();
    if (event.key === "Escape" && list && list.firstElementChild) {
      list.replaceChildren();
      document.getElementById("q").focus();
    }
  });
  document.addEventListener("focusin", (event) => { if (!atSuggestions(event.target)) suggestions()?.replaceChildren(); });
  document.addEventListener("click", (event) => { if (!atSuggestions(event.target)) suggestions()?.replaceChildren(); });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const late = event.detail.target.id === "suggestions" && !atSuggestions(document.activeElement);
    if (late) event.detail.shouldSwap = false;
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-near]");
    if (!form || form.elements.latitude.value) return;
    event.preventDefault();
    const words = document.getElementById("q");
    if (words) form.elements.q.value = words.value;
    const status = form.querySelector("[data-near-status]");
    status.textContent = status.dataset.waiting;
    navigator.geolocation.getCurrentPosition((found) => {
      // A hundred metres or so is near enough.
      form.elements.latitude.value = found.coords.latitude.toFixed(3);
      form.elements.longitude.value = found.coords.longitude.toFixed(3);
      form.submit();
    }, () => { status.textContent = status.dataset.failed; }, { maximumAge: 600000, timeout: 15000 });
  });

  // Where htmx cannot reach the server, the form is sent as if there were no script: the browser says what is wrong.
  document.addEventListener("htmx:sendError", (event) => {
    if (event.detail.elt.matches("form")) event.detail.elt.submit();
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    settle(event.detail.elt);
    // The button that was pressed is gone: the keyboard goes on from what took its place.
    if (event.detail.elt.matches(".kept")) event.detail.elt.querySelector("a").focus({ preventScroll: true });
    // The page is another one now: reading goes on from its heading.
    if (["results", "main"].includes(event.detail.elt.id)) {
      const title = event.detail.elt.querySelector("h1");
      if (title) { title.tabIndex = -1; title.focus({ preventScroll: true }); }
    }
  });
  // Back to a page from before a swap: it comes anew, as if it had been opened.
  document.addEventListener("htmx:historyRestore", () => settle(document));
  settle(document);
})();
