// A word in the corner, with « Annuler » where something can be undone. Nothing that matters goes away by itself.
const MOST = 3;

class UndoToast extends HTMLElement {
  connectedCallback() {
    const close = this.querySelector("[data-close]");
    close.hidden = false;
    close.addEventListener("click", () => this.remove());
    this.addEventListener("keydown", (event) => { if (event.key === "Escape") this.remove(); });
    if (this.dataset.seconds) this.timer = setInterval(() => this.tick(), 1000);
    const others = [...(this.parentElement?.children ?? [])];
    others.slice(0, Math.max(0, others.length - MOST)).forEach((old) => old.remove());
  }

  disconnectedCallback() { clearInterval(this.timer); }

  tick() {
    if (this.matches(":hover, :focus-within")) return;
    this.dataset.seconds -= 1;
    if (this.dataset.seconds <= 0) this.remove();
  }
}
customElements.define("undo-toast", UndoToast);

document.addEventListener("toast", ({ detail: { text, tone = "plain" } }) => {
  const fragment = document.getElementById("toast-template").content.cloneNode(true);
  const toast = fragment.querySelector("undo-toast");
  toast.className = `toast toast--${tone}`;
  toast.querySelector("p").textContent = text;
  if (tone !== "bad") toast.dataset.seconds = 8;
  document.getElementById("toasts").append(toast);
});

const touched = new WeakSet(); // what was typed there is the browser's to take back
document.addEventListener("input", ({ target }) => touched.add(target));

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") return;
  if (touched.has(event.target)) return;
  const undo = [...document.querySelectorAll("[data-undo]")].at(-1);
  if (!undo) return;
  event.preventDefault();
  undo.click();
});
