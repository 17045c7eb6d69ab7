// A button that shows what is typed in a password field. The field is hidden again when the form is sent, so that browsers still know it.
class ShowPassword extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=password]");
    if (!this.input || this.button) return;
    const frame = document.createElement("span");
    frame.className = "password";
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "password-button";
    this.button.setAttribute("aria-controls", this.input.id);
    this.button.addEventListener("click", () => { this.show(this.input.type === "password"); this.input.focus(); });
    this.input.replaceWith(frame);
    frame.append(this.input, this.button);
    this.input.form?.addEventListener("submit", () => this.show(false));
    this.show(false);
  }

  show(visible) {
    this.input.type = visible ? "text" : "password";
    this.button.textContent = visible ? "Cacher" : "Voir";
    this.button.setAttribute("aria-label", visible ? "Cacher le mot de passe" : "Voir le mot de passe");
    this.button.setAttribute("aria-pressed", visible);
  }
}
customElements.define("show-password", ShowPassword);
