// The desk's one script. Without it every page works; with it news arrives in the reserved line.
const body = document.body;
const line = document.getElementById('live');

// After an act or an error the message takes the focus.
const told = document.querySelector('[data-focus]');
if (told) told.focus();

if (line && body.dataset.live) {
  const link = line.querySelector('.news');
  const status = line.querySelector('[role=status]');
  const mode = line.querySelector('.mode');
  const clock = line.querySelector('.clock');
  const title = document.title;
  const page = document.querySelector('.case[data-case]');
  const fresh = new Set();
  let last = line.dataset.after;
  let source = null;
  let failures = 0;
  let timer = 0;
  let spoken = 0;
  let waiting = 0;

  const speak = (words) => {
    clearTimeout(waiting);
    const rest = Math.max(0, spoken + 30000 - Date.now());
    waiting = setTimeout(() => { status.textContent = words; spoken = Date.now(); }, rest);
  };

  const show = (words) => {
    link.textContent = words;
    link.hidden = false;
    speak(words);
  };

  const stamp = () => {
    const now = new Date();
    const two = (n) => String(n).padStart(2, '0');
    // The desk keeps China's time, whatever the reader's machine does.
    const there = new Date(now.getTime() + 8 * 3600 * 1000);
    clock.textContent = two(there.getUTCHours()) + ':' + two(there.getUTCMinutes());
  };

  const hear = (notice) => {
    if (!notice.case) return;
    if (page) {
      if (notice.case === page.dataset.case) show(line.dataset.moved);
      return;
    }
    const row = document.querySelector('.row[data-case="' + notice.case + '"]');
    if (row) {
      const cell = row.querySelector('.state');
      const words = body.querySelector('[data-state-word="' + notice.state + '"]');
      if (cell && words) {
        cell.textContent = words.textContent;
        cell.dataset.state = notice.state;
      }
    } else if (notice.kind !== 'case-closed') {
      fresh.add(notice.case);
      const n = fresh.size;
      show(n === 1 ? line.dataset.one : line.dataset.many.replace('{n}', n));
      document.title = '(' + n + ') ' + title;
    }
  };

  const poll = () => {
    fetch('/inbox/news?after=' + last, { credentials: 'same-origin' })
      .then((answer) => answer.json())
      .then((news) => { last = news.last; news.notices.forEach(hear); stamp(); })
      .catch(() => {});
  };

  const close = () => {
    if (source) source.close();
    source = null;
  };

  const open = () => {
    if (source || timer || document.hidden) return;
    source = new EventSource(body.dataset.live + '?after=' + last);
    source.onopen = () => { failures = 0; mode.textContent = line.dataset.now; stamp(); };
    source.onerror = () => {
      failures += 1;
      if (failures < 3) return;
      close();
      mode.textContent = line.dataset.off;
      timer = setInterval(() => { if (!document.hidden) poll(); }, 60000);
    };
    source.addEventListener('notice', (event) => {
      last = event.lastEventId || last;
      stamp();
      hear(JSON.parse(event.data));
    });
    source.addEventListener('reset', () => show(line.dataset.again));
  };

  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  addEventListener('pagehide', close);
  open();
}

// Chosen rows are counted on the button.
const counted = document.querySelector('button[data-count]');
if (counted) {
  const plain = counted.textContent;
  const count = () => {
    const n = document.querySelectorAll('.pick input:checked').length;
    counted.textContent = n ? counted.dataset.count.replace('{n}', n) : plain;
  };
  document.addEventListener('change', count);
  count();
}

// A form goes out once, and not without a network: what was typed stays.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post') return;
  if (!navigator.onLine) {
    event.preventDefault();
    const words = document.getElementById('offline');
    if (words) { words.hidden = false; words.scrollIntoView({ block: 'nearest' }); }
    return;
  }
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = '1';
  setTimeout(() => { delete form.dataset.sent; }, 3000);
});
addEventListener('online', () => { const words = document.getElementById('offline'); if (words) words.hidden = true; });

// Shortcuts, unless switched off.
if (body.dataset.keys) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || /INPUT|TEXTAREA|SELECT/.test(event.target.tagName) && event.target.type !== 'checkbox') return;
    const names = Array.from(document.querySelectorAll('.row .who'));
    const row = event.target.closest ? event.target.closest('.row') : null;
    const at = row ? names.indexOf(row.querySelector('.who')) : -1;
    const go = (to) => { if (names[to]) names[to].focus(); };
    if (event.key === 'j') go(at + 1);
    else if (event.key === 'k') go(Math.max(0, at - 1));
    else if (event.key === 'x' && row) { const box = row.querySelector('.pick input'); if (box) box.click(); }
    else if (event.key === 'a') { const button = counted || document.querySelector('[data-key=a]'); if (button) button.focus(); }
    else if (event.key === '?') location.href = '/help';
  });
}
