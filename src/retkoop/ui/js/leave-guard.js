// Asks before a page is left with something typed and not sent. `data-dirty`: what stands there is not saved to begin with.
const state = (form) => new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken").map(([name, value]) => [name, value.name ?? value])).toString();

class LeaveGuard extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form") ?? this.closest("form");
    if (!this.form) return;
    queueMicrotask(() => { this.saved = this.hasAttribute("data-dirty") ? null : state(this.form); });
    this.form.addEventListener("submit", () => { this.sent = true; });
    this.form.addEventListener("htmx:afterRequest", (event) => {
      if (event.target !== this.form) return;
      this.sent = false;
      if (event.detail.successful) this.saved = state(this.form);
    });
    this.ask = (event) => { if (!this.sent && this.saved !== state(this.form)) event.preventDefault(); };
    this.release = () => { this.sent = true; };
    addEventListener("beforeunload", this.ask);
    document.addEventListener("retkoop:leaving", this.release);
  }

  disconnectedCallback() {
    removeEventListener("beforeunload", this.ask);
    document.removeEventListener("retkoop:leaving", this.release);
  }
}
customElements.define("leave-guard", LeaveGuard);
