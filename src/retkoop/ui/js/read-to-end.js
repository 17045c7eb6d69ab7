// A text to be read before what follows it is pressed: it scrolls in its own frame, and `[data-when-read]` opens once its end was in sight.
// `data-read`: it was read before. Without script the text stands whole, and the button after it.
class ReadToEnd extends HTMLElement {
  connectedCallback() {
    const [text, button, said] = ["[data-text]", "[data-when-read]", "[data-unread]"].map((name) => this.querySelector(name));
    if (!text || !button || this.hasAttribute("data-read")) return;
    const end = text.appendChild(document.createElement("div"));
    const open = (read) => { button.disabled = !read; said.hidden = read; };
    end.className = "end";
    open(false);
    this.watch = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      this.watch.disconnect();
      open(true);
    });
    this.watch.observe(end);
  }

  disconnectedCallback() { this.watch?.disconnect(); }
}
customElements.define("read-to-end", ReadToEnd);
