// What the markup of `frame.py` and `tables.py` cannot do alone. Every page's HTML loads it; without it, links lead to
// the same places. It listens on the document, since Streamlit draws and redraws what it acts on.
(() => {
  'use strict';
  const root = document.documentElement;
  const folded = text => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');

  // --- the first words (`first_words.py`) stand until all of the page is drawn, its charts too; from when its title is
  // there, no script finds them. Then the link's heading is scrolled to: before, it had not found its place
  const first = document.getElementById('dif-first');
  if (first || location.hash) {
    let wanted = '', late = false, timer = 0;
    try { wanted = decodeURIComponent(location.hash.slice(1)); } catch { /* no heading of ours */ }
    const drawn = block => !block.querySelector('[data-testid=stSkeleton]') // React shows these for 300 ms
      && [...block.querySelectorAll('[data-testid=stVegaLiteChart]')].every(chart => chart.querySelector('svg, canvas'));
    const look = () => {
      const block = document.querySelector('[data-testid=stMainBlockContainer]');
      if (!block?.querySelector('h1')) return;
      if (first?.firstChild) {
        const style = [...document.querySelectorAll('style')].find(one => one.textContent.includes('#dif-first'));
        const kept = [...first.childNodes];
        first.attachShadow({mode: 'closed'}).append(...(style ? [style.cloneNode(true)] : []), ...kept);
      }
      if (document.querySelector('[data-testid=stApp]')?.dataset.testScriptState !== 'notRunning') return;
      timer ||= setTimeout(() => { late = true; look(); }, 15000); // a slow tab draws for seconds, and would be seen to move
      if (!late && !drawn(block)) return;
      if (first?.isConnected) {
        block.style.transition = 'none'; // the page is there in the same moment
        first.remove();
      }
      const target = document.getElementById(wanted);
      if (!late && wanted && !target) return; // our own HTML comes a moment after the run
      seen.disconnect();
      clearTimeout(timer);
      target?.scrollIntoView();
    };
    const seen = new MutationObserver(look);
    seen.observe(document.body, {childList: true, subtree: true, attributes: true, attributeFilter: ['data-test-script-state']});
  }

  // --- Streamlit's own words, which are English on every page, in the page's language (`frame.top` has them)
  const TOLD = ['aria-label', 'placeholder', 'aria-roledescription'];
  const SAYS = '[data-testid=InputInstructions], [data-testid=stConnectionStatus], [role=dialog], [role=listbox], [role=tooltip]';
  const translate = part => {
    const given = document.querySelector('.dif-top')?.dataset.words;
    if (!given) return;
    const words = JSON.parse(given);
    for (const one of part.querySelectorAll(TOLD.map(name => `[${name}]`).join())) {
      for (const name of TOLD) {
        const word = words[one.getAttribute(name)];
        if (word) one.setAttribute(name, word);
      }
    }
    for (const one of part.querySelectorAll(SAYS)) {
      const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode, word = words[text.data.trim()];
        if (word) text.data = word;
      }
    }
  };
  // --- a chosen value that half a phone's width would cut gets a row of its own, and a very long one smaller letters
  const widen = part => {
    for (const one of part.querySelectorAll('[data-testid=stMain] [data-testid=stSelectbox]')) {
      const long = one.querySelector('input')?.value.length ?? 0;
      one.closest('[data-testid=stElementContainer]')?.classList.toggle('dif-wide', long > 18);
      one.classList.toggle('dif-small-value', long > 42);
    }
  };
  // --- a button of files, of which a page has many, is named for the heading that it stands under
  const name = () => {
    let under = '';
    for (const one of document.querySelectorAll('[data-testid=stMain] :is(h2, h3, [data-testid=stPopover] button)')) {
      const label = one.querySelector('[data-testid=stMarkdownContainer]')?.textContent.trim();
      if (one.tagName !== 'BUTTON') under = one.textContent.trim();
      else if (under && label && !one.ariaLabel?.endsWith(under)) one.ariaLabel = `${label}: ${under}`;
    }
  };
  let waits = false;
  new MutationObserver(() => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => { waits = false; translate(document); widen(document); name(); });
  }).observe(document.body, {childList: true, subtree: true, attributeFilter: TOLD});  // a chart of new data has its own again

  // --- a link to exactly this view
  document.addEventListener('click', async event => {
    const link = event.target.closest?.('a.dif-copy');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
    event.preventDefault();
    const there = new URL(location.href);  // a piece of the page may have changed the address since the line was drawn
    there.searchParams.set('utgave', new URL(link.href).searchParams.get('utgave'));
    await navigator.clipboard.writeText(there.href);
    const text = link.textContent;
    if (text === link.dataset.copied) return;
    link.setAttribute('role', 'status');
    link.textContent = link.dataset.copied;
    setTimeout(() => { link.textContent = text; link.removeAttribute('role'); }, 3000);
  });

  // --- what opens over the page closes by Escape and by a click beside it
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    for (const text of document.querySelectorAll('.dif-definition')) {
      if (getComputedStyle(text).display !== 'none') text.classList.add('dif-away');
    }
    const menu = document.querySelector('details.dif-menu[open]');
    if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
  });
  for (const kind of ['pointerover', 'focusin']) {
    document.addEventListener(kind, event => {
      if (event.target.closest?.('.dif-definition, .dif-defined')) return;
      for (const text of document.querySelectorAll('.dif-away')) text.classList.remove('dif-away');
    });
  }
  document.addEventListener('click', event => {
    for (const menu of document.querySelectorAll('details.dif-menu[open]')) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // --- search: what the search page finds, asked for as the reader types
  const dialog = () => {
    const made = document.createElement('dialog'), page = () => document.querySelector('a.dif-find').href;
    let asked = '', shown = '', soon = false, waits = 0, came = null; // soon: Enter came before the results
    made.className = 'dif-search';
    made.setAttribute('aria-label', made.dataset.title = document.querySelector('a.dif-find')?.textContent.trim() ?? '');
    made.innerHTML = '<form method="dialog"><input type="search" autocomplete="off" spellcheck="false" maxlength="80">'
      + '<button type="submit" hidden></button></form><ul></ul><p role="status"></p>';
    document.body.append(made);
    const [input, list, status] = ['input', 'ul', 'p'].map(name => made.querySelector(name));
    input.setAttribute('aria-label', made.dataset.title);
    const draw = results => {
      list.replaceChildren(...results.entries.map(entry => {
        const item = document.createElement('li'), link = document.createElement('a'), kind = document.createElement('span');
        link.href = entry.address;
        link.textContent = entry.title;
        kind.textContent = entry.kind;
        item.append(link, kind);
        if (entry.text) { const text = document.createElement('small'); text.textContent = entry.text; item.append(text); }
        return item;
      }));
      status.textContent = shown && !results.entries.length ? results.none : '';
    };
    const ask = async () => {
      const to = new URL(page().replace('/sok', '/sok.json')), sought = asked = input.value.trim();
      to.searchParams.set('q', sought);
      const answer = await fetch(to);
      if (!answer.ok) return void (location.href = page());
      const results = await answer.json();
      if (sought !== asked) return; // the reader typed on
      shown = sought;
      draw(results);
      if (soon) list.querySelector('a')?.click();
      soon = false;
    };
    input.addEventListener('input', () => { clearTimeout(waits); soon = false; waits = setTimeout(ask, 120); });
    made.addEventListener('keydown', event => {
      const links = [...list.querySelectorAll('a')], at = links.indexOf(document.activeElement);
      const to = {ArrowDown: at + 1, ArrowUp: at - 1}[event.key];
      if (to !== undefined) { event.preventDefault(); (links[to] ?? input).focus(); }
      if (event.key === 'Enter' && document.activeElement === input) {
        event.preventDefault();
        soon = shown !== input.value.trim();
        if (!soon) links[0]?.click();
      }
    });
    made.addEventListener('click', event => { if (event.target === made) made.close(); });
    made.addEventListener('close', () => came?.isConnected && came !== document.body ? came.focus() : document.querySelector('a.dif-find')?.focus());
    made.open_from = from => { came = from; made.showModal(); input.select(); };
    return made;
  };
  let made = null;
  const find = () => (made ??= dialog()).open_from(document.activeElement);
  document.addEventListener('click', event => {
    if (!event.target.closest?.('a.dif-find') || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    find();
  });
  document.addEventListener('keydown', event => {
    const typing = event.target.closest?.('input, textarea, select, [contenteditable], dialog');
    const asked = event.key === '/' || (event.key === 'k' && (event.ctrlKey || event.metaKey));
    if (!asked || (typing && event.key === '/') || event.altKey || !document.querySelector('a.dif-find')) return;
    event.preventDefault();
    find();
  });

  // --- tables sort by a click on a heading, and long ones filter
  const order = new Intl.Collator('nb', {numeric: true});
  const number = text => { // the first number of a cell: `16 644 meldinger`, `6 av 10`, `−NOK 1,234`; none in `..`
    const plain = text.replace(/\s|NOK/g, '').replace('\u2212', '-').replace(',', '.');
    const found = plain.match(/^[+-]?\d+(\.\d+)?/);
    return found ? Number(found[0]) : null;
  };
  document.addEventListener('click', event => {
    const head = event.target.closest?.('button.dif-sort')?.closest('th');
    if (!head) return;
    const table = head.closest('table'), body = table.tBodies[0], place = [...head.parentElement.children].indexOf(head);
    const down = head.getAttribute('aria-sort') === 'ascending';
    for (const other of table.querySelectorAll('thead th')) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const english = root.lang === 'en';
    const value = row => {
      const cell = row.children[place], text = cell?.dataset.value ?? cell?.textContent.trim() ?? '';
      return head.classList.contains('dif-number') ? number(english ? text.replaceAll(',', '') : text) : text;
    };
    const sums = [...body.rows].filter(row => row.classList.contains('dif-sum'));
    const rows = [...body.rows].filter(row => !row.classList.contains('dif-sum')).map(row => [value(row), row]);
    rows.sort(([one], [other]) => one === other ? 0 : one === null ? 1 : other === null ? -1
      : (down ? -1 : 1) * (typeof one === 'number' ? one - other : order.compare(one, other)));
    body.append(...rows.map(([, row]) => row), ...sums);
  });
  document.addEventListener('input', event => {
    const field = event.target.closest?.('input.dif-filter');
    if (!field) return;
    const words = folded(field.value).split(/\s+/).filter(Boolean);
    for (const row of field.closest('.dif-filtered').querySelectorAll('tbody tr')) {
      const text = folded(row.textContent);
      row.hidden = !words.every(word => text.includes(word));
    }
  });
})();
