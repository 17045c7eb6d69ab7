// Two people on a coop's pages see each other: who is where, and what the other has changed, within two seconds. A page in sight and
// in use asks each 1.5 s, any other each 15 s. What is being typed is never touched: where it is what changed, a word says so instead.
const QUICK = 1500;
const SLOW = 15000;
const LONGEST = 60000;
const IDLE = 120000;
const VOLATILE = "input[type=hidden]:is([name=csrfmiddlewaretoken], [name=typed_by], [name=submission])";
const BUILT = "account-picker, split-rows, drop-zone, document-viewer, show-password"; // scripts have changed their inside: only new ones come in
const APART = "#messages, undo-toast";
const ROW = "tr, li, article, .stat, .sign, .lamp";
const TEXT = "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])";

const typed = new WeakSet(); // forms with something typed and not sent
document.addEventListener("input", ({ target }) => { if (target.form && !target.matches("[type=search]")) typed.add(target.form); }, true);
document.addEventListener("submit", ({ target }) => typed.delete(target));
document.addEventListener("reset", ({ target }) => typed.delete(target));
let wrote = 0;
for (const name of ["htmx:beforeRequest", "htmx:afterRequest"]) document.addEventListener(name, ({ detail }) => {
  if (detail.requestConfig?.verb === "get") return;
  wrote = Date.now();
  const form = detail.elt.form ?? detail.elt.closest("form");
  if (name === "htmx:afterRequest" && detail.successful && (detail.elt === form || detail.elt.matches("[type=checkbox]"))) typed.delete(form);
});

class Merge {
  // brings a part of the page to what it is now, around what is held
  constructor() { this.stale = false; this.done = new Set(); }

  holds(node) { return node.nodeType === 1 && (this.isHeld(node) || [...node.querySelectorAll("form, details, [popover]")].some((each) => this.isHeld(each))); }

  isHeld(node) {
    if (node.matches("[popover]")) return node.matches(":popover-open");
    if (!node.matches("form")) return false;
    const active = document.activeElement;
    const wrong = node.closest("leave-guard[data-dirty]") ?? node.querySelector("[aria-invalid=true], [role=alert]");
    return typed.has(node) || wrong !== null || (node.contains(active) && active.matches(TEXT));
  }

  one(old, fresh) {
    if (old.nodeType !== 1) { if (old.data !== fresh.data) { old.data = fresh.data; this.mark(old.parentElement); } return; }
    if (old.matches(APART) || old.matches(VOLATILE) || old.isEqualNode(fresh)) return;
    if (this.isHeld(old)) { this.stale ||= this.version(old) !== this.version(fresh); return; }
    if (old.matches(BUILT)) return;
    if (old.matches("form") && old.querySelector(BUILT) && !this.holds(old)) { this.swap(old, fresh, this.version(old) !== this.version(fresh)); return; }
    if (!old.children.length && !fresh.children.length && !old.matches("input")) {
      const other = old.textContent !== fresh.textContent;
      this.attributes(old, fresh);
      if (other) { old.textContent = fresh.textContent; this.mark(old); }
      return;
    }
    if (old.matches("input, svg, select")) { this.swap(old, fresh, !old.matches("[type=hidden], svg")); return; }
    this.attributes(old, fresh);
    this.children(old, fresh);
  }

  version(form) { return form.querySelector("input[name=version]")?.getAttribute("value"); }

  attributes(old, fresh) {
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (name !== "open" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }

  children(old, fresh) {
    const named = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
    const kept = new Set([...fresh.children].map((child) => child.id).filter(Boolean));
    for (const [id, child] of named) if (!kept.has(id)) this.remove(child);
    let at = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      const same = next.id ? named.get(next.id) : at && !at.id && at.nodeName === next.nodeName ? at : null;
      if (same) {
        if (same !== at) old.insertBefore(same, at);
        this.one(same, next);
        at = old.contains(same) ? same.nextSibling : this.last?.nextSibling ?? null;
      } else this.insert(old, next, at);
    }
    while (at) { const next = at.nextSibling; this.remove(at); at = next; }
  }

  insert(parent, fresh, before) {
    const node = document.importNode(fresh, true);
    parent.insertBefore(node, before);
    this.settle(node, node.nodeType === 1);
  }

  swap(old, fresh, shown) {
    const node = document.importNode(fresh, true);
    old.replaceWith(node);
    this.settle(node, shown);
  }

  settle(node, shown) {
    this.last = node;
    if (node.nodeType !== 1) return;
    htmx.process(node);
    if (shown) this.mark(node);
  }

  remove(node) {
    if (this.holds(node)) this.stale = true;
    else node.remove();
  }

  mark(element) {
    const row = element?.closest(ROW);
    if (row) this.done.add(row);
  }
}

class SharedView extends HTMLElement {
  connectedCallback() {
    this.place = this.dataset.place;
    this.told = "";
    this.used = Date.now();
    this.failures = 0;
    this.use = () => {
      const idle = this.isIdle();
      this.used = Date.now();
      if (idle) this.later(0);
    };
    for (const name of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) addEventListener(name, this.use, { passive: true });
    this.wake = () => { if (!document.hidden) { this.used = Date.now(); this.later(0); } };
    document.addEventListener("visibilitychange", this.wake);
    addEventListener("pageshow", this.wake);
    addEventListener("online", this.wake);
    this.later(200);
  }

  disconnectedCallback() { this.ended = true; clearTimeout(this.timer); }

  isIdle() { return document.hidden || Date.now() - this.used > IDLE; }

  later(milliseconds) {
    clearTimeout(this.timer);
    if (!this.ended && !this.asking) this.timer = setTimeout(() => this.ask(), milliseconds);
  }

  async ask() {
    this.asking = true;
    try {
      const answer = await fetch(this.dataset.url, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]")?.content ?? "" }, body: new URLSearchParams({ chemin: location.pathname, titre: document.title.replace(/ · Retkoop$/, ""), place: this.place }), signal: AbortSignal.timeout(10000) });
      if (answer.type === "opaqueredirect" || answer.status === 403) this.ended = true; // logged out: the next thing that is done says so
      else if (answer.status === 404) this.end();
      else if (!answer.ok) throw new Error(answer.status);
      else await this.hear(await answer.json());
      this.failures = 0;
    } catch { this.failures += 1; }
    this.asking = false;
    const rest = this.isIdle() ? SLOW : QUICK;
    this.later(this.failures ? Math.min(LONGEST, rest * 2 ** this.failures) : rest);
  }

  end() {
    this.ended = true;
    this.show([[document.createTextNode("Votre accès à cette coopérative a pris fin : rien de ce que vous feriez ici ne serait enregistré.")]]);
  }

  async hear({ place, by, own, others }) {
    const shared = others.some((other) => other.own);
    if (String(place) !== this.place && by && (!own || shared)) {
      if (document.hidden || document.querySelector(".htmx-request") || (own && Date.now() - wrote < 3000)) { this.tell(others); return; } // later
      await this.follow(own ? "Quelqu’un" : by);
    }
    this.place = String(place);
    this.tell(others);
  }

  async follow(name) {
    const answer = await fetch(location.href, { redirect: "manual", headers: { "X-Requested-With": "shared-view" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    fresh.querySelectorAll("[autofocus]").forEach((field) => field.removeAttribute("autofocus"));
    const merge = new Merge();
    for (const part of [".nav", "#contenu"]) {
      const [old, now] = [document.querySelector(part), fresh.querySelector(part)];
      if (old && now) merge.one(old, now);
    }
    for (const row of merge.done) if (row.isConnected) this.flash(row);
    if (merge.stale) this.changed = name;
  }

  flash(row) {
    row.classList.remove("changed");
    void row.offsetWidth; // so that a second change is seen as well
    row.classList.add("changed");
    setTimeout(() => row.classList.remove("changed"), 3000);
  }

  tell(others) {
    const lines = others.slice(0, 3).map((other) => this.line(other));
    if (this.changed) lines.unshift(this.offer());
    this.show(lines);
  }

  line({ name, path, title, from_afar: afar, own }) {
    const who = document.createElement("b");
    who.textContent = own ? "Votre compte" : name;
    const here = path === location.pathname;
    const where = own ? " est aussi ouvert ailleurs" : afar && !this.hasAttribute("data-afar") ? " est sur vos comptes" : " est là";
    const told = here && !own ? " est sur cette page avec vous." : where + (title && !here ? `, page «\u00a0${title}\u00a0».` : ".");
    const parts = [who, document.createTextNode(told)];
    if (path && !here) {
      const link = document.createElement("a");
      link.href = path;
      link.textContent = own ? "Voir cette page" : "La rejoindre";
      parts.push(document.createTextNode(" "), link);
    }
    return parts;
  }

  offer() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet button--small";
    button.textContent = "Voir";
    button.addEventListener("click", () => location.reload());
    return [document.createTextNode(`${this.changed} a changé ce que vous modifiez : rien de ce que vous avez saisi n’est perdu. `), button];
  }

  show(lines) {
    const rows = lines.map((parts) => { const row = document.createElement("span"); row.append(...parts); return row; });
    const told = rows.map((row) => row.innerHTML).join();
    if (told === this.told) return; // said once: a screen reader would say it again each time
    this.told = told;
    this.replaceChildren(...rows);
    this.hidden = !rows.length;
  }
}
customElements.define("shared-view", SharedView);
