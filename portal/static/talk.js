// Answers save themselves while somebody is still at a page. Without it, "Continue" saves them.
(() => {
  "use strict";

  const form = document.querySelector("form[data-talk]");
  if (!form) return;
  const status = form.querySelector("[data-saving]");
  const PAUSE = 1200, AGAIN = 10000, WARNED = 120;
  let waiting = 0, changed = false, leaving = false;

  function say(words, problem) {
    status.textContent = words;
    status.classList.toggle("warn", Boolean(problem));
  }

  function save() {
    clearTimeout(waiting);
    const body = new FormData(form);
    body.set("note", "1");
    changed = false;
    return fetch(form.action, { method: "POST", body, redirect: "manual" }).then((answer) => {
      if (answer.status !== 204) throw new Error("not saved");
      if (!changed) say(form.dataset.saved);
    }).catch(() => {
      changed = true;
      if (leaving) return;
      say(form.dataset.unsaved, true);
      waiting = setTimeout(save, AGAIN);
    });
  }

  function later() {
    changed = true;
    clearTimeout(waiting);
    waiting = setTimeout(save, PAUSE);
  }
  form.addEventListener("input", later);
  window.addEventListener("online", () => { if (changed) save(); });

  // With no connection the browser would show its own error page, and what was typed would be gone.
  form.addEventListener("submit", (event) => {
    if (navigator.onLine === false) {
      event.preventDefault();
      say(form.dataset.offline, true);
      later();
      return;
    }
    leaving = true;
    clearTimeout(waiting);
  });

  // "None of these" takes the others back, and the others take it back.
  form.addEventListener("change", (event) => {
    const box = event.target;
    if (box.type !== "checkbox" || !box.checked) return;
    const alone = (each) => each.dataset.behaviour === "exclusive";
    form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(box.name)}"]`).forEach((each) => {
      if (each !== box && (alone(box) || alone(each))) each.checked = false;
    });
  });

  // On a shared computer the page does not stay on the screen for the next person.
  const seconds = Number(form.dataset.clearAfter || 0);
  const asked = document.querySelector("[data-still-there]");
  if (!seconds || !asked) return;
  let due = Date.now() + seconds * 1000;
  function stay() { due = Date.now() + seconds * 1000; asked.hidden = true; save(); }
  asked.querySelector("[data-stay]").addEventListener("click", stay);
  form.addEventListener("input", () => { due = Date.now() + seconds * 1000; asked.hidden = true; });
  setInterval(() => {
    const left = (due - Date.now()) / 1000;
    if (left <= 0) document.querySelector("form.finish").requestSubmit();
    else asked.hidden = left > WARNED;
  }, 1000);
})();
