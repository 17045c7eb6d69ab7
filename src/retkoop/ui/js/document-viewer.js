// Turns the pages of a document in place, and enlarges them. Without script its first page shows, and the others are links.
const MOST = 3;
const make = (icon, label, act) => {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button button--plain button--icon", textContent: icon, title: label });
  button.setAttribute("aria-label", label);
  button.addEventListener("click", act);
  return button;
};

class DocumentViewer extends HTMLElement {
  connectedCallback() {
    if (this.frame) return;
    this.frame = this.querySelector(".viewer-frame");
    this.image = this.querySelector("img");
    this.links = [...this.querySelectorAll(".viewer-pages a")];
    this.zoom = 1;
    this.frame.tabIndex = 0;
    this.frame.setAttribute("role", "group");
    this.frame.setAttribute("aria-label", `${this.image.dataset.label} : flèches pour tourner les pages, plus et moins pour agrandir`);
    this.less = make("−", "Réduire", () => this.enlarge(-1));
    this.more = make("+", "Agrandir", () => this.enlarge(1));
    const bar = this.querySelector(".viewer-bar");
    bar.prepend(this.less, this.more);
    if (this.links.length > 1) {
      this.back = make("‹", "Page précédente", () => this.turn(this.page - 1));
      this.next = make("›", "Page suivante", () => this.turn(this.page + 1));
      bar.prepend(this.back, this.next);
    }
    this.links.forEach((link, index) => link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.turn(index);
    }));
    this.addEventListener("keydown", (event) => this.press(event));
    this.turn(0);
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.frame) return;
    const acts = { ArrowLeft: () => this.turn(this.page - 1), ArrowRight: () => this.turn(this.page + 1), Home: () => this.turn(0), End: () => this.turn(this.links.length - 1),
      "+": () => this.enlarge(1), "=": () => this.enlarge(1), "-": () => this.enlarge(-1) };
    const act = this.zoom > 1 && event.key.startsWith("Arrow") ? null : acts[event.key]; // enlarged, the arrows move about
    if (!act) return;
    event.preventDefault();
    act();
  }

  turn(page) {
    if (page < 0 || page >= this.links.length) return;
    this.page = page;
    this.links.forEach((link, index) => (index === page ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    this.show();
  }

  enlarge(step) {
    this.zoom = Math.min(MOST, Math.max(1, this.zoom + step));
    this.show();
  }

  show() {
    const wanted = new URL(this.links[this.page].href);
    wanted.searchParams.set("largeur", this.zoom > 1 ? "1600" : "800");
    if (this.image.src !== wanted.href) this.image.src = wanted.href;
    this.image.alt = `${this.image.dataset.label}, page ${this.page + 1} sur ${this.links.length}`;
    this.dataset.zoom = this.zoom;
    this.less.disabled = this.zoom === 1;
    this.more.disabled = this.zoom === MOST;
    if (this.back) { this.back.disabled = this.page === 0; this.next.disabled = this.page === this.links.length - 1; }
  }
}
customElements.define("document-viewer", DocumentViewer);
