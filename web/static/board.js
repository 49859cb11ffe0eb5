// SPDX-FileCopyrightText: 2026 The Pijplijn authors
// SPDX-License-Identifier: EUPL-1.2

// Cards go from column to column by mouse or finger. A card can go where its own form has a button for,
// and dropping it presses that button: the server decides, and without this file the form is still there.
"use strict";

const board = document.querySelector(".board");
const refusal = document.getElementById("refusal");
const columns = [...board.querySelectorAll("[data-stage]")];
const name = (column) => column.parentElement.querySelector("h2 span").textContent;
const button = (card, column) => card.querySelector(`.steps button[value="${column.dataset.stage}"]`);

function mark(card, from) {
  for (const column of columns) {
    column.parentElement.classList.toggle("column--shut", Boolean(card) && column !== from && !button(card, column));
  }
}

function refuse(card, from, to) {
  const open = columns.filter((column) => button(card, column)).map(name);
  const words = { title: card.querySelector("h3 a").textContent, from: name(from), to: name(to), ways: open.join(", ") || "–" };
  refusal.textContent = refusal.dataset.sentence.replace(/\{(\w+)\}/g, (_, key) => words[key]);
}

function drop({ item: card, from, to, oldIndex }) {
  mark(null);
  if (from === to) return;
  const chosen = button(card, to);
  if (chosen) {
    chosen.form.requestSubmit(chosen);
  } else {
    from.insertBefore(card, from.children[oldIndex] ?? null);
    refuse(card, from, to);
  }
}

for (const column of columns) {
  Sortable.create(column, {
    group: "cards", handle: ".grip", sort: false, animation: 150, forceFallback: true,
    onStart: ({ item, from }) => { refusal.textContent = ""; mark(item, from); },
    onEnd: drop,
  });
}
board.classList.add("board--ready");
// Coming back by the browser's own button shows the board as it stands, not as it was left.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
