// The calendar of a page: reads events, posts a drop, tells what a drag would change. Every event is a plain link too.
(() => {
  const VIEWS = { month: "dayGridMonth", week: "timeGridWeek", day: "timeGridDay", list: "listMonth", rows: "channelRows" };
  const tidy = (place) => {  // half of a table's roles is worse than none
    place.querySelectorAll("[role]:not(h4)").forEach((part) => { part.removeAttribute("role"); part.removeAttribute("aria-colindex"); });
    place.querySelectorAll("h4").forEach((head) => { head.role = "heading"; head.ariaLevel = "3"; });
  };
  const naive = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 6e4).toISOString().slice(0, 19);
  const later = (start) => [new Date(Date.parse(`${start}Z`) + 36e5).toISOString(), `${start.slice(0, 10)}T23:59:00`]
    .sort()[0].slice(0, 19);  // an hour on, but never past midnight: a slot stands on one day
  const make = (tag, css, text) => Object.assign(document.createElement(tag), { className: css, textContent: text ?? "" });
  const drawn = (css, tag, given) => {
    const [svg, part] = ["svg", tag].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
    for (const [name, value] of Object.entries(given)) part.setAttribute(name, value);
    svg.setAttribute("class", css);
    svg.append(part);
    return Object.assign(svg, { ariaHidden: "true" });
  };

  const mount = (place) => {
    const told = place.dataset, icons = JSON.parse(told.kinds), word = (name) => told[`word${name[0].toUpperCase()}${name.slice(1)}`];
    const ask = (address, given) => fetch(`${address}${address.includes("?") ? "&" : "?"}${new URLSearchParams(given)}`,
      { headers: { Accept: "application/json" } }).then((answer) => answer.ok ? answer.json() : Promise.reject(answer.status));
    const event = (row) => ({ id: row.id, title: row.title, start: row.start, end: row.end ?? later(row.start),
      allDay: !row.start.includes("T"), editable: row.start.includes("T"), resourceIds: row.resource ? [row.resource] : [],
      classNames: row.start.includes("T") ? [] : ["ec-occasion", `ec-${row.kind}`], durationEditable: false, extendedProps: row });

    const chip = (row, timeText, compact) => {
      const link = make(row.url ? "a" : "span", `slot is-${row.tone ?? "plain"}`), head = make("span", "slot-head");
      link.draggable = false;  // the calendar drags it, not the browser
      if (row.url) link.href = row.url;
      if (row.resource) link.dataset.slot = row.id;
      link.classList.toggle("is-picked", Boolean(bar?.querySelector(`[value="${row.id}"]`)));
      if (row.url && told.side && !row.page) for (const [name, value] of Object.entries({ get: row.url, target: "#side-body", select: "#page > *" })) link.setAttribute(`hx-${name}`, value);
      for (const [n, fill] of (row.colours ?? []).entries()) link.append(drawn("edge", "rect", { width: "100%", height: "100%", y: `${n * 100 / row.colours.length}%`, fill }));
      const picture = (name) => drawn("icon", "use", { href: `${told.icons}#${name}` });
      head.append(picture(icons[row.kind] ?? "calendar"), row.start.includes("T") ? timeText : "");
      for (const name of row.channels ?? []) head.append(Object.assign(make("img", "slot-network"), { src: `${told.networks}${name}.svg`, alt: name, draggable: false, onerror() { this.remove(); } }));
      for (const name of [row.locked && "lock", row.note && "notes"].filter(Boolean)) head.append(picture(name));
      link.append(head, make("span", "slot-title", row.title));
      if (row.pillar && !compact) link.append(make("span", `pillar pillar-${row.tone_of_pillar ?? 4}`, row.pillar));
      link.title = [row.start.includes("T") && timeText, row.title, row.pillar, row.note].filter(Boolean).join(" · ");
      if (link.hasAttribute("hx-get")) window.htmx?.process(link);
      return link;
    };

    const post = async (address, given) => {  // the write door: says what came of it, with Undo; then everything is read anew
      try {
        const answer = await fetch(address, { method: "POST", body: new URLSearchParams(given), headers: { "X-CSRFToken": told.csrf, Accept: "application/json" } });
        if (answer.redirected) return location.reload();  // signed out meanwhile: nothing was moved
        const says = await answer.json(), words = answer.ok ? says.said : [says.what, says.kept, says.do].filter(Boolean).join(" ");
        window.desk.say(words || word("moved"), answer.ok ? "good" : "bad", says.undo);
      } catch { window.desk.say(word("failed"), "bad"); }
      calendar.refetchEvents();  // what the server knows is drawn, also after a refusal
      figures({});
    };
    const moved = ({ event: slot, newResource }) => {
      const [id, at, row, seen] = told.names.split(","), given = { [id]: slot.id, [at]: naive(slot.start) };
      if (row && newResource) given[row] = newResource.id;
      if (seen) given[seen] = slot.extendedProps.turn ?? "";
      return post(told.move, given);
    };
    const figures = (given) => told.figures && window.htmx?.ajax("GET", `${told.figures}&${new URLSearchParams(given)}`, { target: "#plan-figures", swap: "outerHTML" });

    // Keys on a slot: arrows move it by days and hours, L locks, Delete drops, Space picks; Enter opens it as a link does
    const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }, keys = JSON.parse(told.keys || "{}");
    let refocus = null, soon = null;
    place.addEventListener("keydown", (event) => {
      const slot = calendar.getEventById(event.target.dataset?.slot ?? ""), row = slot?.extendedProps, step = STEPS[event.key];
      const verb = event.key === "Delete" ? "drop" : event.key.toLowerCase() === "l" && (row?.locked ? "unlock" : "lock");
      if (!slot || !told.move || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!step && !keys[verb] && !(bar && event.key === " ")) return;
      event.preventDefault();
      refocus = slot.id;
      if (keys[verb]) return post(keys[verb], { [told.names.split(",")[0]]: slot.id });
      if (!step) return pick(slot.id);
      if (soon?.id !== slot.id) soon?.go();
      clearTimeout(soon?.timer);  // several presses are one move
      slot.start.setDate(slot.start.getDate() + step[0]);
      slot.start.setHours(slot.start.getHours() + step[1]);
      calendar.updateEvent({ ...slot, end: later(naive(slot.start)) });
      const go = () => { clearTimeout(soon?.timer); soon = null; moved({ event: slot }); };
      soon = { id: slot.id, go, timer: setTimeout(go, 600) };
    });
    const drawnAll = () => {
      tidy(place);
      const slot = refocus && place.querySelector(`[data-slot="${refocus}"]`);
      if (slot && document.activeElement !== slot && !document.activeElement?.closest("dialog, form")) slot.focus();
    };

    // Several at once: Ctrl, Shift or Space picks; the bar changes all that are picked
    const bar = document.querySelector("[data-picks]");
    const pick = (id) => {
      const had = bar.querySelector(`[name="slots"][value="${id}"]`);
      if (had) had.remove(); else bar.append(Object.assign(make("input"), { type: "hidden", name: "slots", value: id }));
      place.querySelectorAll(`[data-slot="${id}"]`).forEach((link) => link.classList.toggle("is-picked", !had));
      bar.hidden = !(bar.querySelector("[data-picked]").textContent = bar.querySelectorAll("[name=slots]").length);
    };
    place.addEventListener("click", (event) => {
      const link = event.target.closest("[data-slot]");
      if (!bar || !link || !(event.ctrlKey || event.metaKey || event.shiftKey)) return;
      for (const stop of ["preventDefault", "stopPropagation"]) event[stop]();
      pick(link.dataset.slot);
    }, true);

    // While a slot is dragged: the expected result at the hour under the pointer, against where it was
    const hint = make("div", "drag-hint");
    let weights = null, held = null, tried = null;
    const weigh = ({ event: slot }) => { held = slot; weights = null; if (told.weigh) ask(told.weigh, { id: slot.id }).then((found) => { weights = found; }, () => {}); };
    place.addEventListener("pointermove", ({ clientX, clientY }) => {
      const under = held && calendar.dateFromPoint(clientX, clientY), day = under && naive(under.date).slice(0, 10);
      if (under && day !== tried) figures({ slot: held.id, at: (tried = day) + naive(under.allDay ? held.start : under.date).slice(10) });
      if (!under || !weights) return hint.remove();
      const hour = under.allDay ? held.start.getHours() : under.date.getHours();
      const there = weights.hours[`${under.date.getDay() || 7}-${hour}`];
      hint.textContent = there == null || !weights.now ? "?" : `${there >= weights.now ? "+" : "−"}${Math.abs(Math.round((there / weights.now - 1) * 100))} %`;
      document.body.append(hint);
      hint.style.transform = `translate(${clientX + 14}px, ${clientY + 14}px)`;
    });

    const turned = ({ view }) => {  // the figures beside the calendar belong to a month: the page goes along
      const month = naive(view.currentStart).slice(0, 7), here = new URL(location), name = Object.keys(VIEWS).find((key) => VIEWS[key] === view.type);
      if (told.follow && name !== wanted) here.searchParams.set("view", name);
      if (told.follow && here.search !== location.search) history.replaceState(history.state, "", here);
      if (told.follow && view.type === VIEWS[wanted] && month !== told.start.slice(0, 7)) {
        here.searchParams.set(told.follow, month);
        location.assign(here);
      }
      setTimeout(tidy, 0, place);
    };
    const wanted = innerWidth < 700 && told.view === "month" ? "list" : told.view, views = ["month", "week", "day", "list", ...(told.channels ? ["rows"] : [])];
    const names = Object.fromEntries(views.map((view) => [VIEWS[view], word(view)]));
    const calendar = EventCalendar.create(place, {
      view: VIEWS[wanted], date: told.start, firstDay: Number(told.firstDay), locale: told.language, height: "100%", nowIndicator: true,
      headerToolbar: { start: "prev,next today", center: "title", end: views.map((view) => VIEWS[view]).join(",") },
      buttonText: (text) => ({ ...text, ...names, today: word("today"), prev: word("prev"), next: word("next"), close: word("close") }),
      views: { channelRows: { type: "resourceTimelineMonth", duration: { weeks: 1 }, titleFormat: { year: "numeric", month: "short", day: "numeric" } },
        timeGridWeek: { dayHeaderFormat: { weekday: "short", day: "numeric", month: "short" } } },
      eventTimeFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, slotLabelFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
      allDayContent: word("allday"), noEventsContent: word("noevents"), moreLinkContent: ({ num }) => `+${num} ${word("more")}`,
      dayMaxEvents: true, displayEventEnd: false, slotHeight: 32, scrollTime: "07:00:00", longPressDelay: 400, editable: Boolean(told.move), eventDurationEditable: false,
      resources: [], eventContent: ({ event: slot, timeText, view }) => ({ domNodes: [chip(slot.extendedProps, timeText, view.type === "dayGridMonth")] }),
      eventSources: [{ events: ({ startStr, endStr }) => ask(told.events, { start: startStr, end: endStr })
        .then((rows) => rows.map(event), () => { window.desk.say(word("failed"), "bad"); return []; }) }],
      eventDrop: moved, eventDragStart: weigh, eventDragStop: () => { if (tried) figures({}); held = tried = null; hint.remove(); },
      eventAllUpdated: drawnAll, datesSet: turned, dateClick: ({ dateStr }) => told.add && window.htmx?.ajax("GET", `${told.add}?day=${dateStr}`, { target: "#side-body", select: "#page > *" }),
    });
    if (told.channels) ask(told.channels, {}).then((rows) => calendar.setOption("resources", rows), () => {});
  };
  const start = (root) => root.querySelectorAll("[data-calendar]:not(:has(.ec))").forEach(mount);
  start(document);
  document.addEventListener("htmx:afterSwap", ({ detail }) => start(detail.target));
})();
