// A value that the server proposes for a field of the same form: taken where the field is still empty. `data-name`, `data-value`.
class ProposedValue extends HTMLElement {
  connectedCallback() {
    const field = this.closest("form")?.elements[this.dataset.name];
    if (!field || field.value) return;
    field.value = this.dataset.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (field.parentElement.contains(document.activeElement)) document.activeElement.select?.();
  }
}
customElements.define("proposed-value", ProposedValue);
