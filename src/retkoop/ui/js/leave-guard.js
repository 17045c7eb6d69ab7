// Asks before a page is left with something typed and not sent. `data-dirty`: what stands there is not saved to begin with.
const state = (form) => new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken").map(([name, value]) => [name, value.name ?? value])).toString();

class LeaveGuard extends HTMLElement {
  connectedCallback() {
    if (!this.form) return;
    queueMicrotask(() => { this.saved = this.hasAttribute("data-dirty") ? null : state(this.form); });
    const around = this.contains(this.form) ? this : this.form; // htmx may put another form in the place of the first
    around.addEventListener("submit", (event) => { if (event.target === this.form) this.sent = true; });
    around.addEventListener("htmx:afterRequest", (event) => {
      if (event.target !== this.form) return;
      this.sent = false;
      if (event.detail.successful) this.saved = state(this.form);
    });
    this.ask = (event) => { if (!this.sent && this.saved !== state(this.form)) event.preventDefault(); };
    this.release = () => { this.sent = true; };
    addEventListener("beforeunload", this.ask);
    document.addEventListener("retkoop:leaving", this.release);
  }

  get form() {
    return this.querySelector("form") ?? this.closest("form");
  }

  disconnectedCallback() {
    removeEventListener("beforeunload", this.ask);
    document.removeEventListener("retkoop:leaving", this.release);
  }
}
customElements.define("leave-guard", LeaveGuard);
