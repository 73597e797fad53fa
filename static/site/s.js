// SMEdash: which post brought a visitor, and what came of it. No cookie; without consent nothing is kept.
(() => {
  "use strict";
  if (window.smedash?.convert) return;
  const script = document.currentScript;
  const home = new URL(script.src);
  const site = script.dataset.site || home.searchParams.get("k");
  const isRefused =
    navigator.globalPrivacyControl || navigator.doNotTrack === "1" || window.doNotTrack === "1";
  const KEPT = "smedash";
  const DAYS_30 = 30 * 864e5;

  const said = new URLSearchParams(location.search);
  const click = said.get("sme_click");
  const tags = {};
  for (const [name, word] of said) if (/^utm_(source|medium|campaign|content)$/.test(name)) tags[name] = word.slice(0, 100);
  const arrival = performance.getEntriesByType("navigation")[0];
  const isAgain = arrival && /reload|back/.test(arrival.type);
  let mayKeep = false;

  const newId = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const send = async (event) => {
    const address = `${home.origin}/api/events?site=${site}`;
    const body = JSON.stringify({ id: newId(), referrer: document.referrer, ...tags, ...event });
    if (!("keepalive" in Request.prototype)) return void navigator.sendBeacon(address, body);
    try {
      const answer = await fetch(address, { method: "POST", body, keepalive: true, credentials: "omit" });
      if (answer.status === 200) return await answer.json();
    } catch {} // the page goes on without us
  };

  const readKept = () => {
    try {
      return JSON.parse(localStorage.getItem(KEPT) || "[]").filter(([, at]) => at > Date.now() - DAYS_30);
    } catch {
      return [];
    }
  };

  const consent = (isGiven) => {
    mayKeep = isGiven;
    try {
      if (!isGiven) return localStorage.removeItem(KEPT);
      const others = readKept().filter(([id]) => id !== click);
      localStorage.setItem(KEPT, JSON.stringify(click ? [...others, [click, Date.now()]].slice(-50) : others));
    } catch {} // a browser that keeps nothing
  };

  const convert = async (kind, { amount, currency, key } = {}) => {
    const clicks = (mayKeep ? readKept() : []).map(([id]) => id);
    if (click && !clicks.includes(click)) clicks.push(click);
    const question = await send({ type: "conversion", kind, amount, currency, key, clicks });
    if (!question || isAgain) return;
    api.question = { ...question, answer: (channel) => send({ type: "answer", question: question.question, channel }) };
    const box = document.createElement("script");
    box.src = `${home.origin}/s-ask.js`;
    box.nonce = script.nonce;
    document.head.append(box);
  };

  const reached = new WeakSet();
  const reach = ({ type, target }) => {
    const goal = target.closest?.("[data-smedash-goal]");
    if (!goal || reached.has(goal) || (goal.tagName === "FORM") !== (type === "submit")) return;
    reached.add(goal);
    tell(goal.dataset);
  };
  const tell = (about) =>
    convert(about.smedashGoal, {
      amount: about.smedashAmount,
      currency: about.smedashCurrency,
      key: about.smedashKey,
    });

  const begin = () => {
    const asked = script.dataset;
    if (asked.consent) consent(asked.consent === "yes");
    if ((click || tags.utm_source || tags.utm_medium || tags.utm_campaign) && !isAgain)
      send({ type: "visit", click, page: location.pathname });
    if (click) {
      // Whoever copies the address does not take our click along.
      const search = location.search.replace(/[?&]sme_click=[^&]*/, "").replace(/^&/, "?");
      history.replaceState(history.state, "", location.pathname + search + location.hash);
    }
    if (asked.smedashGoal && (asked.smedashKey || !isAgain)) tell(asked);
    addEventListener("click", reach, true);
    addEventListener("submit", reach, true);
  };

  const nothing = async () => {};
  const waiting = window.smedash || [];
  const api = isRefused ? { convert: nothing, consent: nothing } : { convert, consent };
  api.push = ([name, ...values]) => api[name](...values);
  window.smedash = api;
  if (!isRefused) {
    if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
    else begin();
  }
  for (const call of waiting) api.push(call);
})();
