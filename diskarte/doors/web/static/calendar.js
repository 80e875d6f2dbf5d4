// The calendar of a page: reads events, posts a drop, tells what a drag would change. Every event is a plain link too.
(() => {
  const VIEWS = { month: "dayGridMonth", week: "timeGridWeek", day: "timeGridDay", list: "listMonth", rows: "channelRows" };
  const tidy = (place) => {  // half of a table's roles is worse than none
    place.querySelectorAll("[role]:not(h4)").forEach((part) => { part.removeAttribute("role"); part.removeAttribute("aria-colindex"); });
    place.querySelectorAll("h4").forEach((head) => { head.role = "heading"; head.ariaLevel = "3"; });
  };
  const naive = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 6e4).toISOString().slice(0, 19);
  const later = (start) => {  // an hour on, but never past midnight: a slot stands on one day
    const end = new Date(Date.parse(`${start}Z`) + 36e5).toISOString().slice(0, 19);
    return end.slice(0, 10) === start.slice(0, 10) ? end : `${start.slice(0, 10)}T23:59:00`;
  };
  const make = (tag, css, text) => Object.assign(document.createElement(tag), { className: css, textContent: text ?? "" });
  const drawn = (css, tag, given) => {
    const [svg, part] = ["svg", tag].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
    for (const [name, value] of Object.entries(given)) part.setAttribute(name, value);
    svg.setAttribute("class", css);
    svg.ariaHidden = "true";
    svg.append(part);
    return svg;
  };

  const mount = (place) => {
    const told = place.dataset, icons = JSON.parse(told.kinds), word = (name) => told[`word${name[0].toUpperCase()}${name.slice(1)}`];
    const ask = (address, given) => fetch(`${address}${address.includes("?") ? "&" : "?"}${new URLSearchParams(given)}`,
      { headers: { Accept: "application/json" } }).then((answer) => answer.ok ? answer.json() : Promise.reject(answer.status));
    const event = (row) => ({ id: row.id, title: row.title, start: row.start, end: row.end ?? later(row.start),
      allDay: row.kind === "occasion", editable: !row.locked && row.kind !== "occasion", resourceIds: row.resource ? [row.resource] : [],
      classNames: row.kind === "occasion" ? ["ec-occasion"] : [], durationEditable: false, extendedProps: row });

    const chip = (row, timeText, compact) => {
      const link = make(row.url ? "a" : "span", `slot is-${row.tone ?? "plain"}`), head = make("span", "slot-head");
      link.draggable = false;  // the calendar drags it, not the browser
      if (row.url) link.href = row.url;
      if (row.url && told.side) for (const [name, value] of Object.entries({ get: row.url, target: "#side-body", select: "#page > *" })) link.setAttribute(`hx-${name}`, value);
      for (const [n, fill] of (row.colours ?? []).entries()) link.append(drawn("edge", "rect", { width: "100%", height: "100%", y: `${n * 100 / row.colours.length}%`, fill }));
      const picture = (name) => drawn("icon", "use", { href: `${told.icons}#${name}` });
      head.append(picture(icons[row.kind] ?? "calendar"), row.kind === "occasion" ? "" : timeText);
      for (const name of row.channels ?? []) head.append(Object.assign(make("img", "slot-network"), { src: `${told.networks}${name}.svg`, alt: name, draggable: false, onerror() { this.remove(); } }));
      if (row.locked) head.append(picture("lock"));
      link.append(head, make("span", "slot-title", row.title));
      if (row.pillar && !compact) link.append(make("span", `pillar pillar-${row.tone_of_pillar ?? 4}`, row.pillar));
      link.title = [timeText, row.title, row.pillar].filter(Boolean).join(" · ");
      if (link.hasAttribute("hx-get")) window.htmx?.process(link);
      return link;
    };

    const moved = async ({ event: slot, newResource, revert }) => {
      const [id, at, row] = told.names.split(","), body = new URLSearchParams({ [id]: slot.id, [at]: naive(slot.start) });
      if (row && newResource) body.set(row, newResource.id);
      try {
        const answer = await fetch(told.move, { method: "POST", body, headers: { "X-CSRFToken": told.csrf, Accept: "application/json" } });
        if (answer.redirected) return location.reload();  // signed out meanwhile: nothing was moved
        const says = await answer.json();
        if (!answer.ok) revert();
        const words = answer.ok ? says.said : [says.what, says.kept, says.do].filter(Boolean).join(" ");
        window.desk.say(words || word("moved"), answer.ok ? "good" : "bad", says.undo);
      } catch { revert(); window.desk.say(word("failed"), "bad"); }
    };

    // While a slot is dragged: the expected result at the hour under the pointer, against where it was
    const hint = make("div", "drag-hint");
    let weights = null, held = null;
    const weigh = ({ event: slot }) => { held = slot; weights = null; if (told.weigh) ask(told.weigh, { id: slot.id }).then((found) => { weights = found; }, () => {}); };
    place.addEventListener("pointermove", ({ clientX, clientY }) => {
      const under = held && weights && calendar.dateFromPoint(clientX, clientY);
      if (!under) return hint.remove();
      const hour = under.allDay ? held.start.getHours() : under.date.getHours();
      const there = weights.hours[`${under.date.getDay() || 7}-${hour}`];
      hint.textContent = there == null || !weights.now ? "?" : `${there >= weights.now ? "+" : "−"}${Math.abs(Math.round((there / weights.now - 1) * 100))} %`;
      document.body.append(hint);
      hint.style.transform = `translate(${clientX + 14}px, ${clientY + 14}px)`;
    });

    const turned = ({ view }) => {  // the figures beside the calendar belong to a month: the page goes along
      const month = naive(view.currentStart).slice(0, 7);
      if (told.follow && view.type === VIEWS[wanted] && month !== told.start.slice(0, 7)) {
        const there = new URL(location);
        there.searchParams.set(told.follow, month);
        location.assign(there);
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
      eventDrop: moved, eventDragStart: weigh, eventDragStop: () => { held = null; hint.remove(); }, eventAllUpdated: () => tidy(place), datesSet: turned,
    });
    if (told.channels) ask(told.channels, {}).then((rows) => calendar.setOption("resources", rows), () => {});
  };
  const start = (root) => root.querySelectorAll("[data-calendar]:not(:has(.ec))").forEach(mount);
  start(document);
  document.addEventListener("htmx:afterSwap", ({ detail }) => start(detail.target));
})();
