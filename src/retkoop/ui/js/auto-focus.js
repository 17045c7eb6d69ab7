// Brings the cursor where the work goes on: the first wrong field, else the one that asks for it.
class AutoFocus extends HTMLElement {
  connectedCallback() {
    queueMicrotask(() => { // once the elements inside have built themselves
      const wrong = this.querySelector("[aria-invalid=true]:not([hidden])");
      const first = matchMedia("(hover: none)").matches ? null : this.querySelector("[autofocus]:not([hidden])"); // no keyboard springs up on a phone
      const field = wrong ?? first;
      this.querySelectorAll("[autofocus]").forEach((other) => other.removeAttribute("autofocus")); // htmx would bring the cursor there again
      field?.focus();
      if (field?.matches("input")) field.select();
    });
  }
}
customElements.define("auto-focus", AutoFocus);
