// SPDX-FileCopyrightText: 2026 The Pijplijn authors
// SPDX-License-Identifier: EUPL-1.2

// What the words would find is told while they are typed: this presses "Probeer" behind the page, a moment
// after the last key, and puts in what the server answers. Without this file the button is there.
"use strict";

const form = document.getElementById("trial").closest("form");
const tries = form.querySelector("button[formaction]");
const parts = ["trial", "told"];
let asking = new AbortController();
let waiting = 0;

async function ask() {
  asking.abort();
  asking = new AbortController();
  const body = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(tries.formAction, { method: "POST", body, signal: asking.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("trial")) return; // signed out meanwhile, or too large: the button tells
    for (const part of parts) {
      document.getElementById(part).replaceChildren(...page.getElementById(part).childNodes);
    }
  } catch {
    // Another key was pressed, or the network is away: the button is still there.
  }
}

form.addEventListener("input", (event) => {
  if (event.target.getAttribute("rows") && !event.target.name.startsWith("description")) {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 400);
  }
});
