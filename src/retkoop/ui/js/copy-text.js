// A button that copies what stands there (`data-value`, else its words). A browser that lets nobody copy shows none.
class CopyText extends HTMLElement {
  connectedCallback() {
    if (!navigator.clipboard || this.button) return;
    const text = this.dataset.value ?? this.textContent.trim();
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button button--plain button--small";
    this.button.textContent = "Copier";
    this.button.setAttribute("aria-label", `Copier ${this.dataset.label}`);
    this.button.addEventListener("click", async () => {
      const done = await navigator.clipboard.writeText(text).then(() => true, () => false);
      const said = done ? { text: `Copié\u202f: ${this.dataset.label}.`, tone: "good" } : { text: "Le navigateur n’a pas voulu copier.", tone: "bad" };
      document.dispatchEvent(new CustomEvent("toast", { detail: said }));
    });
    this.append(" ", this.button);
  }
}
customElements.define("copy-text", CopyText);
