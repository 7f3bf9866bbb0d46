// Signing in: passkeys, and a warning before time runs out. Without it, passwords, codes and the plain sentence do.
(() => {
  "use strict";

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function options(form) {
    const asked = JSON.parse(form.dataset.options);
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    (asked.allowCredentials || []).concat(asked.excludeCredentials || []).forEach((one) => { one.id = bytes(one.id); });
    return { publicKey: asked };
  }

  function answer(credential) {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach((name) => {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    });
    const { id, type } = credential;
    return JSON.stringify({ id, rawId: text(credential.rawId), type, response, clientExtensionResults: {} });
  }

  const can = Boolean(window.PublicKeyCredential && navigator.credentials);
  document.querySelectorAll("form[data-passkey]").forEach((form) => { form.hidden = !can; });
  document.querySelectorAll("[data-passkey-none]").forEach((words) => { words.hidden = can; });

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-passkey]");
    if (!form) return;
    event.preventDefault();
    const status = form.querySelector("[data-passkey-status]");
    const shared = document.querySelector("form:not([data-passkey]) input[name=shared]");
    status.textContent = "";
    try {
      const credential = await navigator.credentials[form.dataset.passkey](options(form));
      form.elements.credential.value = answer(credential);
      if (shared && form.elements.shared) form.elements.shared.value = shared.checked ? "yes" : "";
      form.submit();
    } catch {
      status.textContent = status.dataset.failed;
    }
  });

  const idle = document.querySelector("[data-out-in]");
  if (!idle) return;
  const warning = document.querySelector("[data-idle-warning]");
  const WARN = 120;
  let out = Date.now() + Number(idle.dataset.outIn) * 1000;
  let typed = false;

  document.addEventListener("input", (event) => { if (event.target.closest("form[method=post]")) typed = true; });

  async function stay() {
    const page = await fetch(idle.dataset.stay, { headers: { Accept: "application/json" } });
    if (page.redirected || !page.ok) { leave(); return; }
    out = Date.now() + Number((await page.json()).out_in) * 1000;
    warning.hidden = true;
  }

  function leave() { window.location.replace(idle.dataset.door); }

  function look() {
    const left = (out - Date.now()) / 1000;
    if (left <= 0) {
      // What was typed is kept once it is sent; on a computer that others use, nobody may read it meanwhile.
      if (!typed || "shared" in idle.dataset) leave();
      return;
    }
    if (left <= WARN && warning.hidden) warning.hidden = false;
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-stay-button], [data-stay-link]")) return;
    event.preventDefault();
    stay();
  });
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
})();
