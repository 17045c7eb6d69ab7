// htmx with our habits: the CSRF token goes along; an error or a cut network says so in a corner, and what was typed stays.
const CUT = "La connexion est coupée. Ce que vous avez saisi est toujours là : réessayez dans un instant.";
const TROUBLE = "Retkoop a rencontré un problème. Ce que vous avez saisi est toujours là : réessayez dans un instant.";
const toast = (text) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "bad" } }));

// a form that was sent whole takes the page away: a check asked meanwhile would only be refused, with a token of before,
// and the second half of a double click would be answered in place of the first (« rien à faire » for what was just done)
// (`data-after-kept`: what is being kept answer by answer comes first, or the form would meet its own answer as another's)
let left = null;
addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const keeping = event.target.matches("[data-after-kept]") && event.target.querySelector(".htmx-request");
  if (keeping) {
    event.preventDefault();
    keeping.addEventListener("htmx:afterRequest", () => event.target.requestSubmit(event.submitter), { once: true });
    return;
  }
  if (left === event.target) { event.preventDefault(); return; }
  left = event.target;
  setTimeout(() => { left = null; }, 5000); // a download leaves the page where it is
});
addEventListener("pageshow", () => { left = null; });
document.addEventListener("htmx:beforeRequest", (event) => { if (left) event.preventDefault(); });

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token && detail.verb !== "get") detail.headers["X-CSRFToken"] = token;
});

document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  const plain = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  toast(plain ? xhr.responseText : TROUBLE);
});

// sent to log in: what was typed waits on the server, no guard need hold the page back
// (of two answers that lead away, the first does: a second journey would pass by the words that the first page has to say)
let led = false;
addEventListener("pageshow", () => { led = false; });
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
  if (led) event.preventDefault();
  led = true;
  document.dispatchEvent(new Event("retkoop:leaving"));
});

for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => toast(CUT));
